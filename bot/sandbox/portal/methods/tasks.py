"""`tasks.task.*` with camelCase strings, and the comment of the older card."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.listing import page, selected
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, Method, method
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.tasks import Task

_ACTIONS = ("start", "pause", "complete", "defer", "renew", "approve", "disapprove")


def _person(portal: Portal, user_id: int) -> dict[str, Any]:
    account = portal.accounts.get(user_id)
    return {
        "id": str(user_id),
        "name": account.name if account else "",
        "link": f"/company/personal/user/{user_id}/",
        "icon": "/bitrix/images/tasks/default_avatar.png",
        "workPosition": account.position if account else "",
    }


def form(portal: Portal, task: Task, account: Account) -> dict[str, Any]:
    """Describe a task to somebody: ids and numbers are strings."""
    may = portal.tasks.actions(task, account)
    return {
        "id": str(task.id),
        "title": task.title,
        "description": task.description,
        "status": str(task.status),
        "priority": str(task.priority),
        "responsibleId": str(task.responsible_id),
        "createdBy": str(task.created_by),
        "createdDate": task.created,
        "changedDate": task.changed,
        "deadline": task.deadline,
        "closedDate": task.closed,
        "groupId": "0",
        "stageId": "0",
        "chatId": task.chat_id,
        "auditors": [str(each) for each in task.auditors],
        "accomplices": [str(each) for each in task.accomplices],
        "ufCrmTask": list(task.crm) or False,
        "creator": _person(portal, task.created_by),
        "responsible": _person(portal, task.responsible_id),
        "action": {each: each in may for each in _ACTIONS},
    }


def _upper(task: dict[str, Any]) -> dict[str, Any]:
    """Add the names that filters use."""
    renamed = {
        "ID": "id",
        "TITLE": "title",
        "STATUS": "status",
        "REAL_STATUS": "status",
        "RESPONSIBLE_ID": "responsibleId",
        "CREATED_BY": "createdBy",
        "DEADLINE": "deadline",
        "CHANGED_DATE": "changedDate",
        "CREATED_DATE": "createdDate",
        "UF_CRM_TASK": "ufCrmTask",
        "AUDITOR": "auditors",
        "ACCOMPLICE": "accomplices",
    }
    return {**task, **{upper: task[name] for upper, name in renamed.items()}}


def _visible(portal: Portal, params: Params) -> Task | None:
    task = portal.tasks.get(params.integer("taskId"))
    return task if task is not None and portal.tasks.sees(params.caller.account, task) else None


def _named(portal: Portal, params: Params) -> Task:
    """Return the task, or refuse it: whether it is not there or not theirs cannot be told apart."""
    task = _visible(portal, params)
    if task is None:
        raise RestError("0", "wrong task id")
    return task


def _answer(portal: Portal, task: Task, params: Params) -> Answer:
    return Answer({"task": form(portal, task, params.caller.account)})


def add(portal: Portal, params: Params) -> Answer:
    """Make a task."""
    task = portal.tasks.add(params.mapping("fields", required=True).values, params.caller.account.id)
    return _answer(portal, task, params)


def get(portal: Portal, params: Params) -> Answer:
    """Return a task; one that is not there or not theirs is an empty list."""
    task = _visible(portal, params)
    if task is None:
        return Answer([])
    chosen = params.within({"select": [_camel(each) for each in params.values.get("select") or []]})
    return Answer({"task": selected(form(portal, task, params.caller.account), chosen)})


def _camel(name: Any) -> str:
    first, *rest = str(name).split("_")
    return str(name) if not str(name).isupper() else first.lower() + "".join(part.capitalize() for part in rest)


def list_tasks(portal: Portal, params: Params) -> Answer:
    """List the tasks that somebody sees, 50 a page."""
    account = params.caller.account
    rows = [_upper(form(portal, each, account)) for each in portal.tasks.all() if portal.tasks.sees(account, each)]
    chosen = {**params.values, "select": [_camel(each) for each in params.values.get("select") or []]}
    answer = page(rows, params.within(chosen), "ID")
    tasks = [{name: value for name, value in each.items() if not name.isupper()} for each in answer.result]
    return Answer({"tasks": tasks}, answer.total, answer.next)


def update(portal: Portal, params: Params) -> Answer:
    """Change a task."""
    task = _named(portal, params)
    portal.tasks.update(task, params.mapping("fields", required=True).values, params.caller.account.id)
    return _answer(portal, task, params)


def act(action: str, portal: Portal, params: Params) -> Answer:
    """Take a task through its states."""
    task = _named(portal, params)
    portal.tasks.act(task, action, params.caller.account)
    return _answer(portal, task, params)


def delegate(portal: Portal, params: Params) -> Answer:
    """Give a task to somebody else."""
    task = _named(portal, params)
    portal.tasks.delegate(task, params.integer("userId"), params.caller.account)
    return _answer(portal, task, params)


def delete(portal: Portal, params: Params) -> Answer:
    """Delete a task; whoever made it, and administrators."""
    task, account = _named(portal, params), params.caller.account
    if not account.is_admin and account.id != task.created_by:
        raise RestError("0", "Action on the task is not allowed")
    portal.tasks.delete(task, account.id)
    return Answer({"task": True})


def comment(portal: Portal, params: Params) -> Answer:
    """Comment on a task as the older method does; its comments are in the chat."""
    task = portal.tasks.get(params.integer("TASKID"))
    if task is None or not portal.tasks.sees(params.caller.account, task):
        raise RestError("ERROR_CORE", "TASKS_ERROR_EXCEPTION_#8; Action failed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>")
    fields = params.mapping("FIELDS", required=True)
    author = as_integer(fields.values.get("AUTHOR_ID")) or params.caller.account.id
    return Answer(portal.tasks.comment(task, fields.text("POST_MESSAGE"), author))


def _result(task: Task, made: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": made["id"],
        "taskId": task.id,
        "commentId": made["comment"],
        "createdBy": made["by"],
        "createdAt": made["at"],
        "updatedAt": made["at"],
        "status": 0,
        "text": made["text"],
        "formattedText": made["text"],
        "files": None,
    }


def add_result(portal: Portal, params: Params) -> Answer:
    """Make a result of a comment of a task that somebody sees."""
    wanted, account = params.integer("commentId"), params.caller.account
    for task in portal.tasks.all():
        for each in task.comments:
            if each["id"] == wanted and portal.tasks.sees(account, task):
                return Answer(_result(task, portal.tasks.result(task, each, account.id)))
    raise RestError("ERROR_CORE", "Comment was not found.<br>")


def results(portal: Portal, params: Params) -> Answer:
    """List the results of a task."""
    task = _named(portal, params)
    return Answer([_result(task, each) for each in task.results])


def dialog_messages(portal: Portal, params: Params) -> Answer:
    """Return the newest messages of a task's chat to whoever has to do with the task, or has written there."""
    account = params.caller.account
    chat = as_integer(params.text("DIALOG_ID", "").removeprefix("chat")) or 0
    task = next((each for each in portal.tasks.all() if each.chat_id == chat), None)
    if task is None or (account.id not in task.people and all(each["author"] != account.id for each in task.comments)):
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog", 403)
    newest = list(reversed(task.comments))[: min(params.integer("LIMIT", 20), 50)]
    messages = [
        {"id": each["id"], "chat_id": chat, "author_id": each["author"], "date": each["at"], "text": each["text"]}
        for each in newest
    ]
    return Answer({"chat_id": chat, "messages": messages, "users": [], "files": []})


def get_fields(_portal: Portal, _params: Params) -> Answer:
    """Describe the fields that matter."""
    names = ("ID", "TITLE", "DESCRIPTION", "STATUS", "RESPONSIBLE_ID", "CREATED_BY", "DEADLINE", "UF_CRM_TASK")
    return Answer({"fields": {name: {"title": name, "type": "string"} for name in names}})


def _method(name: str, handle: Callable[[Portal, Params], Answer], params: str, *, writes: bool = True) -> Method:
    return method(f"tasks.task.{name}", handle, params, writes=writes, is_classic=True)


METHODS = (
    _method("add", add, "fields"),
    _method("get", get, "taskId select", writes=False),
    _method("list", list_tasks, "order filter select params start", writes=False),
    _method("update", update, "taskId fields"),
    *(_method(action, partial(act, action), "taskId") for action in _ACTIONS),
    _method("delegate", delegate, "taskId userId"),
    _method("delete", delete, "taskId"),
    _method("getFields", get_fields, "", writes=False),
    method("tasks.task.result.addFromComment", add_result, "commentId", writes=True, is_classic=True),
    method("tasks.task.result.list", results, "taskId", is_classic=True),
    method("im.dialog.messages.get", dialog_messages, "DIALOG_ID LIMIT LAST_ID FIRST_ID", is_classic=True),
    method("task.commentitem.add", comment, "TASKID FIELDS", writes=True, is_classic=True),
)

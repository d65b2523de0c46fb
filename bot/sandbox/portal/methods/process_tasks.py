"""`bizproc.task.*`: one's own tasks of business processes."""

from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.listing import page
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, method

_DEFAULT = ("ID", "WORKFLOW_ID", "DOCUMENT_NAME", "NAME")
_KNOWN = (
    *_DEFAULT,
    "DESCRIPTION",
    "MODIFIED",
    "WORKFLOW_STARTED",
    "WORKFLOW_STARTED_BY",
    "OVERDUE_DATE",
    "WORKFLOW_TEMPLATE_ID",
    "WORKFLOW_TEMPLATE_NAME",
    "WORKFLOW_STATE",
    "STATUS",
    "USER_ID",
    "USER_STATUS",
    "MODULE_ID",
    "ENTITY",
    "DOCUMENT_ID",
    "ACTIVITY",
    "ACTIVITY_NAME",
    "PARAMETERS",
    "DOCUMENT_URL",
)


def _upper(params: Params) -> dict[str, Any]:
    """Return the parameters of a list as `page` reads them; field names are taken in any case."""
    filters = params.mapping("FILTER").values
    selected = params.values.get("SELECT")
    names = [str(each).upper() for each in selected] if isinstance(selected, list) and selected else [*_DEFAULT]
    if "*" in names:
        names = [*_KNOWN]
    order = params.mapping("ORDER").values
    return {
        "filter": {str(name).upper(): value for name, value in filters.items()},
        "order": {str(name).upper(): value for name, value in order.items()},
        "select": names,
        "start": params.values.get("START", 0),
    }


def list_tasks(portal: Portal, params: Params) -> Answer:
    """List tasks: one's own; an administrator names whose, or sees all."""
    account = params.caller.account
    read = _upper(params)
    if unknown := [each for each in read["select"] if each not in _KNOWN]:
        raise RestError("ERROR_SELECT_VALIDATION_FAILURE", f"Unknown field {unknown[0]}")
    wanted = read["filter"].get("USER_ID", read["filter"].get("=USER_ID"))
    if not account.is_admin and wanted is not None and as_integer(wanted) != account.id:
        raise access_denied("Access denied!")
    rows = [each.form() for each in portal.process_tasks.all() if account.is_admin or each.user_id == account.id]
    return page(rows, params.within(read), "ID")


def complete(portal: Portal, params: Params) -> Answer:
    """Answer a task of one's own."""
    task_id = params.integer("TASK_ID", 0)
    if not task_id:
        raise RestError("ERROR_TASK_VALIDATION", "empty TASK_ID")
    if not params.has("STATUS"):
        raise RestError("ERROR_TASK_VALIDATION", "empty STATUS")
    portal.process_tasks.complete(params.caller.account, task_id, params.text("STATUS"), params.text("COMMENT", ""))
    return Answer(result=True)


def delegate(portal: Portal, params: Params) -> Answer:
    """Hand tasks over."""
    given = params.values.get("TASK_IDS")
    ids = [as_integer(each) or 0 for each in (given if isinstance(given, list) else [given])]
    of, to = params.integer("FROM_USER_ID", 0), params.integer("TO_USER_ID", 0)
    if not any(ids) or not of or portal.accounts.get(to) is None:
        raise RestError("ERROR_TASK_VALIDATION", "empty TASK_IDS, FROM_USER_ID or TO_USER_ID")
    portal.process_tasks.delegate(params.caller.account, ids, of, to)
    return Answer(result=True)


METHODS = (
    method("bizproc.task.list", list_tasks, "SELECT FILTER ORDER START", is_classic=True),
    method("bizproc.task.complete", complete, "TASK_ID STATUS COMMENT FIELDS", writes=True, is_classic=True),
    method("bizproc.task.delegate", delegate, "TASK_IDS FROM_USER_ID TO_USER_ID", writes=True, is_classic=True),
)

"""What is said about a task: comments, and results; looked for by our mark below the words.

Comments of the present card are messages of the task's chat, which `task.commentitem.add` writes into as well; whoever
has written there may read it. On older portals they are the task's own.
"""

from collections.abc import Sequence
from typing import Any, Final

from bot.channels.bitrix24.errands.forms import has_mark, marked_text
from bot.channels.bitrix24.errands.refusals import not_done
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errands.tasks import explained, task_as_it_is, task_of
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.domain.automation.errand import Errand, ErrandKind

_LATEST: Final = 50
_UNREADABLE: Final = frozenset({"ACCESS_DENIED", "ACCESS_ERROR", "ERROR_METHOD_NOT_FOUND", "CHAT_ID_EMPTY"})
"""Who is no member of the chat has not written there either."""


async def _said(site: Site, task_id: int) -> Sequence[tuple[int, str]]:
    """Return the latest comments, by id."""
    task = await task_as_it_is(site, task_id, "CHAT_ID")
    chat = number(task.get("chatId"))
    try:
        if chat:
            found = await site.ask("im.dialog.messages.get", {"DIALOG_ID": f"chat{chat}", "LIMIT": _LATEST})
            rows = [mapping(each) for each in items(mapping(found.result).get("messages"))]
            return [(number(each.get("id")), text(each.get("text"))) for each in rows]
        found = await site.ask("task.commentitem.getlist", {"TASKID": task_id, "ORDER": {"ID": "desc"}})
    except RestError as error:
        if error.code in _UNREADABLE:
            return []
        why = not_done(error)
        why.is_doubtful = False
        raise why from None
    rows = [mapping(each) for each in items(found.result)]
    return [(number(each.get("ID")), text(each.get("POST_MESSAGE"))) for each in rows]


async def _written(site: Site, errand: Errand) -> int | None:
    """Return the comment that carries our mark."""
    found = await _said(site, task_of(errand).number)
    return next((comment for comment, words in found if has_mark(errand, words)), None)


async def _write(site: Site, errand: Errand) -> int:
    ref = task_of(errand)
    await task_as_it_is(site, ref.number)
    fields: dict[str, Any] = {"POST_MESSAGE": marked_text(errand)}
    try:
        answer = await site.ask("task.commentitem.add", {"TASKID": ref.number, "FIELDS": fields})
    except RestError as error:
        raise explained(error) from None
    return number(answer.result)


@performs(ErrandKind.TASK_COMMENT)
class CommentTask(Performer):
    """Comments on a task: `object`, `text`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the comment that carries our mark."""
        written = await _written(site, errand)
        return None if written is None else {"comment": written}

    async def do(self, site: Site, errand: Errand) -> Result:
        """Write it."""
        return {"comment": await _write(site, errand)}


@performs(ErrandKind.TASK_RESULT)
class AddResult(Performer):
    """Gives a task a result, which the portal makes of a comment: `object`, `text`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the result that carries our mark."""
        answer = await site.read("tasks.task.result.list", {"taskId": task_of(errand).number})
        for each in map(mapping, items(answer.result)):
            if has_mark(errand, each.get("text")):
                return {"result": number(each.get("id"))}
        return None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Comment, unless that was done already, and make a result of it."""
        comment = await _written(site, errand) if errand.is_doubtful else None
        if comment is None:
            comment = await _write(site, errand)
        try:
            answer = await site.ask("tasks.task.result.addFromComment", {"commentId": comment})
        except RestError as error:
            why = explained(error)
            why.is_doubtful = why.ends is None
            raise why from None
        return {"result": number(mapping(answer.result).get("id")), "comment": comment}

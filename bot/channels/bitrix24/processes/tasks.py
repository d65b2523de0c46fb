"""Somebody's own tasks of business processes, read by their own token: `bizproc.task.list`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.tokens import NO_GRANT
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.ports import ListedTask

NO_OWN_ACCESS: Final = frozenset({NO_GRANT, "INVALID_GRANT", "NO_AUTH_FOUND", "INVALID_TOKEN", "AUTHORIZATION_ERROR"})
"""What a portal, or we ourselves, answer where somebody's own token opens nothing any more."""
METHOD: Final = "bizproc.task.list"
PAGE: Final = 50
MOST_PAGES: Final = 4
_LONGEST: Final = 1_000
_SELECT: Final = ("ID", "NAME", "DESCRIPTION", "DOCUMENT_NAME", "DOCUMENT_URL", "ACTIVITY", "PARAMETERS", "STATUS")
_LABELS: Final = {"yes": "StatusYesLabel", "no": "StatusNoLabel", "ok": "StatusOkLabel", "cancel": "StatusCancelLabel"}


async def own_tasks(client: Client, account: str) -> Sequence[ListedTask]:
    """Return the tasks that wait for somebody; RestError where they cannot be read."""
    found: list[ListedTask] = []
    last = 0
    for _ in range(MOST_PAGES):
        params = {
            "SELECT": list(_SELECT),
            "FILTER": {"USER_ID": account, "STATUS": 0, ">ID": last},
            "ORDER": {"ID": "ASC"},
        }
        rows = [mapping(each) for each in items((await client.call(METHOD, params)).result)]
        found += [ListedTask(number(each.get("ID")), _body(each)) for each in rows if number(each.get("ID"))]
        if len(rows) < PAGE:
            break
        last = number(rows[-1].get("ID"))
    return found


def _body(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a task says, by names of our own; what it does not say is left out."""
    parameters = mapping(row.get("PARAMETERS"))
    said = {
        "name": row.get("NAME"),
        "description": row.get("DESCRIPTION"),
        "document": row.get("DOCUMENT_NAME"),
        "url": row.get("DOCUMENT_URL"),
        "activity": row.get("ACTIVITY"),
        "comment_required": parameters.get("CommentRequired"),
        "comment_label": parameters.get("CommentLabel"),
        "show_comment": parameters.get("ShowComment"),
        **{f"label_{verdict}": parameters.get(name) for verdict, name in _LABELS.items()},
    }
    return {name: words for name, value in said.items() if (words := text(value).strip()[:_LONGEST])}

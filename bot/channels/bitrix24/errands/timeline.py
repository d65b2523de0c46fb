"""Comments in the timeline of deals, leads and elements; looked for by our mark below their words."""

from typing import Any

from bot.channels.bitrix24.errands.forms import entity_of, has_mark, marked_text
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.values import items, mapping, number
from bot.domain.automation.errand import Errand, ErrandKind


@performs(ErrandKind.TIMELINE_COMMENT)
class CommentTimeline(Performer):
    """Writes a comment: `object`, `text`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the comment that carries our mark, among the newest."""
        params = {"filter": _owner(errand), "select": ["ID", "COMMENT"], "order": {"ID": "DESC"}}
        answer = await site.read("crm.timeline.comment.list", params)
        for each in map(mapping, items(answer.result)):
            if has_mark(errand, each.get("COMMENT")):
                return {"comment": number(each.get("ID"))}
        return None

    async def do(self, site: Site, errand: Errand) -> Result:
        """Write it."""
        fields = {**_owner(errand), "COMMENT": marked_text(errand)}
        answer = await site.call("crm.timeline.comment.add", {"fields": fields})
        return {"comment": number(answer.result)}


def _owner(errand: Errand) -> dict[str, Any]:
    ref, entity_type = entity_of(errand)
    kind = f"dynamic_{entity_type}" if ref.kind == "smart_process" else ref.kind
    return {"ENTITY_ID": ref.number, "ENTITY_TYPE": kind}

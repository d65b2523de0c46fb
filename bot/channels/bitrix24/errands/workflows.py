"""Business processes that are begun.

Nothing can be written into a process by which it would be found again. While it runs it is known by its template, its
document and when it began; one that is over already is not. So where an answer was lost and no process runs, it is an
administrator who says whether it is to begin: twice is worse than late.
"""

from datetime import timedelta
from typing import Any, Final

from bot.channels.bitrix24.errands.forms import entity_of
from bot.channels.bitrix24.errands.refusals import not_done, refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import instant, items, mapping, number, text
from bot.domain.automation.errand import Errand, ErrandKind

_DOCUMENTS: Final = {"deal": ("CCrmDocumentDeal", "DEAL"), "lead": ("CCrmDocumentLead", "LEAD")}
_SLACK: Final = timedelta(minutes=2)


@performs(ErrandKind.PROCESS_START)
class StartProcess(Performer):
    """Begins a process: `template` (its number), `object`, `parameters`."""

    async def look(self, site: Site, errand: Errand) -> Result | None:
        """Return the process that runs since; where none does, nobody knows."""
        wanted = {"TEMPLATE_ID": _template(errand)}
        params = {
            "select": ["ID", "TEMPLATE_ID", "DOCUMENT_ID", "STARTED"],
            "filter": wanted,
            "order": {"STARTED": "DESC"},
        }
        answer = await site.read("bizproc.workflow.instances", params)
        document = _document(errand)[-1]
        for each in map(mapping, items(answer.result)):
            began = instant(each.get("STARTED"))
            is_ours = text(each.get("DOCUMENT_ID")) == document and number(each.get("TEMPLATE_ID")) == _template(errand)
            if is_ours and began is not None and began >= errand.created_at - _SLACK:
                return {"process": text(each.get("ID"))}
        raise refused("not_certain")

    async def do(self, site: Site, errand: Errand) -> Result:
        """Begin it."""
        parameters = errand.form.get("parameters")
        params = {
            "TEMPLATE_ID": _template(errand),
            "DOCUMENT_ID": _document(errand),
            "PARAMETERS": dict(parameters) if isinstance(parameters, dict) else {},
        }
        try:
            answer = await site.ask("bizproc.workflow.start", params)
        except RestError as error:
            if error.code == "ERROR_WRONG_WORKFLOW_ID":
                raise refused("no_process") from None
            raise not_done(error) from None
        return {"process": text(answer.result)}


def _template(errand: Errand) -> int:
    found = number(errand.form.get("template"))
    if not found:
        raise refused("no_process")
    return found


def _document(errand: Errand) -> list[Any]:
    ref, entity_type = entity_of(errand)
    if ref.kind == "smart_process":
        return ["crm", "Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic", f"DYNAMIC_{entity_type}_{ref.number}"]
    entity, short = _DOCUMENTS[ref.kind]
    return ["crm", entity, f"{short}_{ref.number}"]

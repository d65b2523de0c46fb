"""The record of changes on a page: who, what, about whom, when; by pages, or of one person."""

from urllib.parse import urlencode

from bot.services.audits import Audits
from bot.services.people.people import People
from bot.text import DayTime, t
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Page, Visit, number_in
from bot.words.audit import audit_words


async def audit(visit: Visit, audits: Audits, people: People) -> Page:
    """Show a page of the record, the newest first."""
    person = number_in(visit.query.get("person", ""))
    found = await audits.page(visit.reader, person, visit.query.get("after", ""))
    everybody = await people.everybody_of(visit.portal.id)
    names = {each.id: each.name for each in everybody}
    rows = [
        {
            "at": DayTime(each.at),
            "who": t("the portal") if each.actor_id is None else names.get(each.actor_id, "#"),
            "what": audit_words(each.what),
            "about": names.get(each.subject_id or 0) if each.subject_id != each.actor_id else None,
        }
        for each in found.rows
    ]
    chosen = {"person": str(person)} if person is not None else {}
    values = {
        "rows": rows,
        "people": [(each.id, each.name) for each in everybody],
        "person": person,
        "next": f"{SETTINGS}/audit?{urlencode({**chosen, 'after': found.after})}" if found.after else None,
        "is_first": not visit.query.get("after"),
        "first": f"{SETTINGS}/audit?{urlencode(chosen)}",
    }
    return settings_page(visit, "audit", "settings/audit.html", values)

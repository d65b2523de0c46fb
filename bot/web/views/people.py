"""People: everybody who works here, by name, department, role and state, a page at a time."""

from urllib.parse import urlencode

from bot.domain.people.employee import Role
from bot.domain.people.listed import ListedPerson, PeopleState, PeopleWanted
from bot.domain.rights import Right
from bot.services.messengers import Messengers
from bot.services.people.departments import Departments
from bot.services.people.people_listed import PeopleListed
from bot.services.workday.presences import Presence
from bot.text import Phrase, t
from bot.web.visit import Page, Visit, number_in
from bot.words.people import role_word

_LONGEST = 100
_STATES = {
    PeopleState.ACTIVE: t("with access"),
    PeopleState.UNLINKED: t("Telegram not linked"),
    PeopleState.UNREACHED: t("messages do not arrive"),
    PeopleState.DISABLED: t("switched off"),
    PeopleState.ALL: t("all"),
}


async def people(visit: Visit, listed: PeopleListed, departments: Departments, messengers: Messengers) -> Page:
    """List people: where they are now everybody sees; roles, accounts and access whoever gives them."""
    known = await departments.all_of(visit.portal)
    place = number_in(visit.query.get("department", "")) or 0
    role, state = visit.query.get("role", ""), visit.query.get("state", "")
    wanted = PeopleWanted(
        " ".join(visit.query.get("q", "").split())[:_LONGEST],
        place if any(each.id == place for each in known) else 0,
        Role(role) if role in list(Role) else None,
        PeopleState(state) if state in list(PeopleState) else PeopleState.ACTIVE,
    )
    found = await listed.page(
        visit.portal, visit.reader, wanted, number_in(visit.query.get("after", "")) or 0, visit.now
    )
    steers = visit.may(Right.GIVE_ROLES)
    states = list(PeopleState) if steers else [PeopleState.ACTIVE, PeopleState.DISABLED, PeopleState.ALL]
    kept = {name: value for name in ("q", "department", "role", "state") if (value := visit.query.get(name))}
    values = {
        "rows": [
            {
                "row": each,
                "now": now_words(found.presences.get(each.employee.id)),
                "role": role_word(each.employee.role),
                "channels": _channels(each, messengers),
            }
            for each in found.rows
        ],
        "steers": steers,
        "wanted": wanted,
        "kept": kept,
        "departments": known,
        "roles": [(each.value, role_word(each)) for each in Role] if steers else [],
        "states": [(each.value, _STATES[each]) for each in states] if steers or visit.may(Right.KEEP_PERSONNEL) else [],
        "more": f"/people?{urlencode({**kept, 'after': found.after})}" if found.after else "",
        "first": f"/people?{urlencode(kept)}",
        "is_first": "after" not in visit.query,
    }
    return Page("people.html", t("People"), values, "people")


def now_words(presence: Presence | None) -> tuple[str, Phrase] | None:
    """Say where somebody is, as everybody may know it: nothing of why, and nothing of who is just not at work."""
    if presence is None:
        return None
    if presence.session is not None:
        is_on_break = presence.session.running_break is not None
        return ("wait", t("on a break")) if is_on_break else ("ok", t("at work"))
    return ("away", t("is away")) if presence.absence is not None else None


def _channels(row: ListedPerson, messengers: Messengers) -> list[tuple[Phrase, bool]]:
    return [(messengers.title(each.channel), each.is_reachable) for each in row.employee.identities]

"""Leave: days that are left, absences of a year and their changes, and who else is away; a team's in one table."""

from datetime import date, timedelta
from urllib.parse import urlencode

from bot.domain.approvals.listed import Wanted
from bot.domain.errors import BadForm
from bot.domain.leave.absence import absence_words
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.services.approvals.approvals import Passed
from bot.services.approvals.request_rows import RequestRows
from bot.services.approvals.requests import Requests
from bot.services.leave.around import Arounds
from bot.services.leave.balances import Balances, Standing
from bot.services.leave.change_wishes import ChangeWishes
from bot.services.leave.changes import LeaveChanges, LeaveIsAnother
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.text import Period, Phrase, t
from bot.web.forms import Day, Form
from bot.web.views.approvals import shown
from bot.web.views.asking import token_for, token_in
from bot.web.visit import FIRST_DAY, LAST_DAY, Go, NotFound, Page, Visit, number_in
from bot.words.leave import absence_when, change_lines, change_title, days_words, left_lines, standing_lines

_AHEAD = timedelta(days=60)
"""So far ahead the page tells who is away."""
_MOST_ROWS = 300
_DEEDS = frozenset({"move", "shorten", "cancel"})


class ChangeForm(Form):
    """A change of an absence as it was on the screen."""

    seen_first: Day
    seen_last: Day
    first: str = ""
    last: str = ""
    sure: str = ""
    token: str = ""


async def leave(
    visit: Visit,
    people: People,
    balances: Balances,
    leaves: Leaves,
    changes: LeaveChanges,
    arounds: Arounds,
    rows: RequestRows,
) -> Page:
    """Show somebody's balance, their absences of a year, what waits, and who beside them is away."""
    subject = await _subject(visit, people)
    today = subject.today(visit.now)
    year = _year(visit, today)
    is_own = subject.id == visit.reader.id
    own = await leaves.of(subject, date(year, 1, 1), date(year, 12, 31))
    may_change = is_own or await people.may(visit.reader, Right.CORRECT_OTHERS, subject)
    open_ = {each.id for each in await changes.changeable(subject, today)} if may_change else set()
    kinds = await balances.kinds(visit.portal)
    standings = [await balances.standing(visit.portal, subject, each, today) for each in kinds]
    waiting = await rows.page(
        visit.portal, visit.reader, Wanted(kind="leave", state="pending", person_id=subject.id), size=10
    )
    away = await arounds.colleagues_away(subject, today, today + _AHEAD)
    values = {
        **_shell(visit, "own"),
        "subject": subject,
        "is_own": is_own,
        "year": year,
        "this_year": today.year,
        "before": _address(subject, visit, year - 1) if year > FIRST_DAY.year else "",
        "after": _address(subject, visit, year + 1) if year < LAST_DAY.year else "",
        "standings": [standing_lines(each) for each in standings if each is not None],
        "absences": [
            {
                "absence": each,
                "what": absence_words(each.kind),
                "when": absence_when(each),
                "state": "over" if each.last < today else "now" if each.first <= today else "ahead",
                "may_change": each.id in open_,
                "is_days": each.start is None,
            }
            for each in own
        ],
        "waiting": [shown(each, visit.reader, visit.now) for each in waiting.rows],
        "away": [(who, Period(first, last)) for who, first, last in away],
        "query": urlencode({"person": subject.id, "year": year}),
    }
    title = t("My leave") if is_own else t("Leave: {name}", name=subject.name)
    return Page("leave.html", title, values, "leave")


async def team(visit: Visit, people: People, balances: Balances, leaves: Leaves, departments: Departments) -> Page:
    """Show the balances of all whom the reader sees as one table, and who of them is away soon."""
    them = [each for each in await people.team_of(visit.reader, Right.SEE_BALANCES) if not each.is_disabled]
    known = await departments.of_people(visit.portal, them, visit.today)
    place = number_in(visit.query.get("department", ""))
    chosen = next((each for each in known if each.id == place), None)
    if chosen is not None:
        there = {each.id for each in await departments.members(visit.portal, chosen, visit.today)}
        them = [each for each in them if each.id in there]
    kinds = await balances.kinds(visit.portal)
    kind = next((each for each in kinds if each.value == visit.query.get("kind")), kinds[0] if kinds else None)
    told = them[:_MOST_ROWS]
    standings = {} if kind is None else await balances.standings(visit.portal, told, kind, visit.today)
    away = await leaves.between(visit.portal.id, visit.today, visit.today + _AHEAD)
    values = {
        **_shell(visit, "team"),
        "rows": [(each, _row(standings.get(each.id))) for each in told],
        "rest": len(them) - len(told),
        "departments": known,
        "department": chosen,
        "kinds": [(each.value, absence_words(each)) for each in kinds],
        "kind": kind,
        "what": absence_words(kind) if kind else None,
        "year_end": date(visit.today.year, 12, 31),
        "away": [(each, absence_words(one.kind), absence_when(one)) for each in them for one in away.get(each.id, ())][
            :_MOST_ROWS
        ],
        "keeps": visit.may(Right.KEEP_PERSONNEL),
    }
    return Page("leave_team.html", t("Leave of the team"), values, "leave")


def _row(standing: Standing | None) -> dict[str, Phrase | None] | None:
    if standing is None:
        return None
    unit = standing.balance.unit_on(standing.today)
    return {
        "available": _days(standing.available, standing),
        "by_year_end": _days(standing.by_year_end, standing),
        "planned": days_words(standing.planned, unit) if standing.planned else None,
        "waiting": days_words(standing.waiting, unit) if standing.waiting else None,
    }


def _days(count: int, standing: Standing) -> Phrase:
    words = days_words(abs(count), standing.balance.unit_on(standing.today))
    return words if count >= 0 else t("{days} in advance", days=words)


async def change(
    visit: Visit,
    form: ChangeForm,
    people: People,
    changes: LeaveChanges,
    asking: LeaveWishes,
    wishes: ChangeWishes,
    requests: Requests,
) -> Page | Go:
    """Read a change of an absence back, and once it is meant so ask whoever decides; others' are changed at once."""
    deed = visit.path["deed"]
    if deed not in _DEEDS:
        raise NotFound
    subject = await _subject(visit, people)
    await asking.check(visit.reader, subject)
    token = token_in(form.token)
    if token is not None and await requests.sent_as(visit.reader, token):
        return Go(f"/approvals/{token}", t("It was sent already: here it is."))
    today = subject.today(visit.now)
    absence = await changes.absence(subject, visit.number("id"), form.seen_first)
    if (absence.first, absence.last) != (form.seen_first, form.seen_last):
        raise LeaveIsAnother
    if deed == "cancel":
        wanted = changes.cancelled(absence, today)
    elif absence.start is not None:
        raise BadForm(t("Hours cannot be moved: cancel them (“cancel my day off”), and ask for others."))
    else:
        first = _day(form.first, "first") if deed == "move" else None
        last = _day(form.last, "last") if deed == "shorten" or form.last else None
        wanted = await changes.moved(visit.portal, subject, absence, first, last, today)
    left = await wishes.check(visit.portal, subject, wanted, visit.now)
    is_own = subject.id == visit.reader.id
    if not form.sure:
        values = {
            "subject": subject,
            "is_own": is_own,
            "lines": change_lines(wanted),
            "left": left_lines(left),
            "fields": {**form.model_dump(mode="json"), "sure": "yes", "token": token_for(form.token)},
            "action": f"/leave/{absence.id}/{deed}?{urlencode({'person': subject.id})}",
            "back": f"/leave?{urlencode({'person': subject.id})}",
        }
        return Page("leave_change.html", change_title(wanted), values, "leave")
    done = await wishes.send(visit.portal, visit.reader, subject, wanted, visit.now, token or 0)
    if isinstance(done, Passed):
        said = t("It is changed.") if is_own else t("It is changed, and {name} is told.", name=subject.name)
        return Go(f"/leave?{urlencode({'person': subject.id})}", said)
    names = ", ".join(each.name for each in done.deciders.people[:3])
    return Go(f"/approvals/{done.request.id}", t("Decides: {names}", names=names))


def _day(said: str, at: str) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise BadForm(t("Please write a day here."), at) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadForm(t("Please write a day here."), at)
    return day


async def _subject(visit: Visit, people: People) -> Employee:
    """Return whose leave the page is about, the reader's own where nobody is named."""
    number = number_in(visit.query.get("person", ""))
    found = visit.reader if number is None else await people.get(number, visit.portal.id)
    if found is None:
        raise NotFound
    await people.check(visit.reader, Right.SEE_BALANCES, found)
    return found


def _year(visit: Visit, today: date) -> int:
    year = number_in(visit.query.get("year", ""))
    return year if year is not None and FIRST_DAY.year <= year <= LAST_DAY.year else today.year


def _address(subject: Employee, visit: Visit, year: int) -> str:
    also = {} if subject.id == visit.reader.id else {"person": str(subject.id)}
    return f"/leave?{urlencode({**also, 'year': str(year)})}"


def _shell(visit: Visit, tab: str) -> dict[str, object]:
    tabs = [("own", "/leave", t("My leave"))]
    if visit.may(Right.SEE_BALANCES):
        tabs.append(("team", "/leave/team", t("Team")))
    return {"tabs": tabs, "tab": tab}

"""How periods look before they are closed: what stands in the way of each person, and the buttons that mend it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import Action, Instant
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.people.employee import Employee
from bot.domain.periods.period import LONGEST_PERIOD, Blocker, BlockerKind
from bot.domain.reports.account import Account, Flag
from bot.domain.reports.standing import apart_of, balance_of, has_norm, target_of
from bot.domain.rights import Right, may
from bot.domain.workday.punch_log import WorkSession
from bot.domain.workday.timesheet import week_of
from bot.ids import long, short
from bot.messages import Button
from bot.services.periods.closings import Review, Sheet
from bot.text import Day, Duration, Lines, Period, Phrase, lines, t, tn
from bot.understanding.orders import understand_order
from bot.words.hours import signed
from bot.words.people import mention
from bot.words.periods import blocker_words, end_of
from handlers.cards.day import CheckOutPressed
from handlers.cards.ends import ConfirmEndPressed
from handlers.cards.wanted import ReportPressed

SHOWN = 5
"""So many things to mend at a time."""
NAMED = 10
EVERYBODY = ""
_EARLIEST, _LATEST = date(2000, 1, 1).toordinal(), date(2100, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class PeriodPressed(Action):
    """Base of the buttons about a period: its days as ordinals."""

    first: int
    last: int

    def __post_init__(self) -> None:
        """Take no forged days for days: whatever raises here is answered as an old button."""
        if not _EARLIEST <= self.first <= self.last <= _LATEST or self.last - self.first > LONGEST_PERIOD.days:
            raise ValueError("not a period")

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return date.fromordinal(self.first), date.fromordinal(self.last)


@dataclass(frozen=True, slots=True)
class OvertimePressed(PeriodPressed, code="ov"):
    """Ask for what is over the plan in these days."""


@dataclass(frozen=True, slots=True)
class ConfirmPeriodPressed(PeriodPressed, code="pc"):
    """My hours of these days are right."""


@dataclass(frozen=True, slots=True)
class ApprovePeriodPressed(PeriodPressed, code="pa"):
    """Approve the hours of a person, or of all who confirmed them."""

    whom: str


@dataclass(frozen=True, slots=True)
class ClosePeriodPressed(PeriodPressed, code="pz"):
    """Close the period; `anyway` ends what waits."""

    anyway: int


@dataclass(frozen=True, slots=True)
class RemindPressed(PeriodPressed, code="pr"):
    """Ask a person, or everybody who has not, to look at their hours."""

    whom: str


@dataclass(frozen=True, slots=True)
class ConfirmDayPressed(PeriodPressed, code="pd"):
    """Say for a person that a day ended when the service closed it (case 26)."""

    whom: str
    session: str
    started: Instant
    """Epoch seconds."""

    def __post_init__(self) -> None:
        """Take no forged session or instant for one."""
        PeriodPressed.__post_init__(self)
        if not 0 <= self.started < _LATEST * 86_400 or not long(self.session):
            raise ValueError("not a session")


def ordinals(first: date, last: date) -> tuple[int, int]:
    """Return the days as buttons carry them."""
    return first.toordinal(), last.toordinal()


def person_of(whom: str) -> int | None:
    """Return the id that a button carries; None for everybody, 0 for what is no id."""
    try:
        return long(whom) % (1 << 63) if whom else None
    except ValueError:
        return 0


def period_slot(first: date, last: date, whom: int = 0) -> str:
    """Return the slot of a period's card."""
    return f"period:{first}:{last}:{whom}"


def days_said(turn: Turn, order: str) -> tuple[date, date] | None:
    """Return the days of an order, also behind its slash command; None where none were said."""
    slots: Mapping[str, object] = turn.understood.slots
    if turn.arguments:
        text = f"{order} {turn.arguments}"
        slots = understand_order(text, locale=turn.employee.locale, zone=turn.zone, now=turn.now).slots
    first, last = slots.get("from_day"), slots.get("to_day")
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def is_accounted(first: date, last: date) -> bool:
    """Whether the days are what people confirm: a whole week or a whole month."""
    return (first, last) in (week_of(first), month_of(first))


def confirm_button(first: date, last: date) -> Button:
    """Offer to find one's hours right."""
    what = t("✅ These days are right")
    if (first, last) == month_of(first):
        what = t("✅ The month is right")
    elif (first, last) == week_of(first):
        what = t("✅ The week is right")
    return Button(what, ConfirmPeriodPressed(*ordinals(first, last)), style="success")


def show_button(first: date, last: date, whom: Employee | None = None) -> Button:
    """Offer to look at the hours, one's own or somebody's."""
    return Button(t("📅 Show"), ReportPressed(*ordinals(first, last), short(whom.id) if whom else "", ""))


def own_blockers(blockers: Sequence[Blocker], first: date, last: date) -> tuple[list[Phrase], list[Button]]:
    """Say to a person what is not clear yet in their hours, each with a button that mends it."""
    rows = [t("• {day}: {what}", day=Day(day), what=what) for _, day, what in _told(blockers)]
    more = len(rows) - SHOWN
    del rows[SHOWN:]
    if more > 0:
        rows.append(tn("… and {count} more", "… and {count} more", more))
    buttons = {button.action: button for button in (_own_mend(each, first, last) for each in blockers[:SHOWN])}
    return rows, list(buttons.values())


def _own_mend(blocker: Blocker, first: date, last: date) -> Button:
    session = blocker.session
    if session is None:
        return Button(t("🔔 Remind who decides"), RemindPressed(*ordinals(first, last), short(blocker.employee_id)))
    if session.is_open:
        return Button(t("🏁 Check out"), CheckOutPressed())
    words = t("✅ {day}: yes, at {time}", day=Day(blocker.day), time=end_of(session))
    return Button(words, ConfirmEndPressed(session.id, _epoch(session)))


def _told(blockers: Sequence[Blocker]) -> Iterator[tuple[int, date, Phrase]]:
    """Say each thing once: whose it is, of which day, and what; of requests about one day, how many they are."""
    waiting = Counter((each.employee_id, each.day) for each in blockers if each.kind is BlockerKind.PENDING)
    for each in blockers:
        if each.kind is not BlockerKind.PENDING:
            yield each.employee_id, each.day, blocker_words(each)
        elif count := waiting.pop((each.employee_id, each.day), 0):
            what = tn("{count} request waits for a decision", "{count} requests wait for a decision", count)
            yield each.employee_id, each.day, what if count > 1 else blocker_words(each)


def others_blockers(
    blockers: Iterable[Blocker], people: Mapping[int, Employee], first: date, last: date, closer: Employee
) -> tuple[list[Phrase], list[tuple[Button, ...]]]:
    """Say to whoever closes what is not clear yet, and whose: confirm for them where they may, or ask them."""
    found = [(each, people[each.employee_id]) for each in blockers if each.employee_id in people]
    rows = [
        t("• {person}, {day}: {what}", person=mention(people[who]), day=Day(day), what=what)
        for who, day, what in _told([each for each, _ in found])
    ]
    more = len(rows) - SHOWN
    del rows[SHOWN:]
    if more > 0:
        rows.append(tn("… and {count} more", "… and {count} more", more))
    buttons: list[tuple[Button, ...]] = []
    asked: set[int] = set()
    for each, person in found[:SHOWN]:
        row = []
        may_vouch = may(closer, Right.VOUCH_FOR_DAYS)
        if may_vouch and each.kind is BlockerKind.UNCONFIRMED and each.session is not None:
            press = ConfirmDayPressed(
                *ordinals(first, last), short(person.id), short(each.session.id), _epoch(each.session)
            )
            words = t("✅ {person}, {day}: {time}", person=person.name, day=Day(each.day), time=end_of(each.session))
            row.append(Button(words, press))
        if person.id not in asked:
            remind = RemindPressed(*ordinals(first, last), short(person.id))
            row.append(Button(t("🔔 Ask {person}", person=person.name), remind))
            asked.add(person.id)
        buttons.append(tuple(row))
    return rows, buttons


def review_lines(review: Review) -> Lines:
    """Say what closing would mean: how many people, how many hours, who found them right."""
    sheets = review.sheets
    worked = sum((each.account.worked for each in sheets), timedelta())
    confirmed = sum(each.is_confirmed for each in sheets)
    approved = sum(each.is_approved for each in sheets)
    missing = [each.employee.name for each in sheets if not each.is_confirmed]
    shown = ", ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
    return lines(
        tn("{count} person, {worked}", "{count} people, {worked}", len(sheets), worked=Duration(worked)),
        *_norm_lines([each.account for each in sheets if has_norm(each.account)]),
        *_without_marks(sheets),
        t(
            "Confirmed: {confirmed} of {all}, approved: {approved}",
            confirmed=confirmed,
            all=len(sheets),
            approved=approved,
        ),
        t("Not confirmed: {names}", names=shown) if missing else None,
    )


def _norm_lines(accounts: Sequence[Account]) -> Iterator[Phrase]:
    """Say what hours were due of everybody together, and how the hours stand against that; they add up (case 80)."""
    apart, norm, balance = (sum(map(each, accounts), timedelta()) for each in (apart_of, target_of, balance_of))
    if norm and apart:
        yield t("of it {length} without a schedule, outside the norm", length=Duration(apart))
    if norm:
        yield t("Norm {norm}, balance *{balance}*", norm=Duration(norm), balance=signed(balance))


def _without_marks(sheets: Sequence[Sheet]) -> Iterator[Phrase]:
    """Say how many planned days have no marks, and whose: closing puts them down as absence for unknown reason."""
    found = [(len(each.account.flagged(Flag.MISSING)), each.employee.name) for each in sheets]
    found = sorted(((days, name) for days, name in found if days), key=lambda each: (-each[0], each[1]))
    if not found:
        return
    names = ", ".join(f"{name} – {days}" for days, name in found[:NAMED]) + (" …" if len(found) > NAMED else "")
    count = sum(days for days, _ in found)
    yield tn(
        "❗ {count} day without marks (НН in form Т-13): {names}",
        "❗ {count} days without marks (НН in form Т-13): {names}",
        count,
        names=names,
    )


def sheet_line(sheet: Sheet) -> Phrase:
    """Name a person and their hours."""
    return t("• {person}: {worked}", person=mention(sheet.employee), worked=Duration(sheet.account.worked))


def confirmed_line(sheet: Sheet) -> Phrase:
    """Say who confirmed what."""
    return t(
        "🗓 {person} confirmed {period}: *{worked}*",
        person=mention(sheet.employee),
        period=Period(sheet.account.first, sheet.account.last),
        worked=Duration(sheet.account.worked),
    )


def missing_line(sheet: Sheet) -> Phrase | None:
    """Say how many planned days have no marks; somebody in a hurry might not know."""
    missing = len(sheet.account.flagged(Flag.MISSING))
    return tn("❗ {count} day without marks", "❗ {count} days without marks", missing) if missing else None


def _epoch(session: WorkSession) -> int:
    return int(session.started_at.timestamp())

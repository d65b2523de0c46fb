"""What a report is wanted about: which days, whose, and what is to stand out; from words and from buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.domain.days import beside, month_of
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.workday.timesheet import week_of
from bot.ids import long, short
from bot.messages import Button
from bot.services.reports.reporting import Reporting
from bot.text import Period, t

LONGEST = timedelta(days=366)
BY_MONTH = ("overtime", "gaps")
"""What is asked about months where no days were named."""
TEAM = "t"
DEPARTMENT = "d"
"""What stands before a department's id in a button."""
_EARLIEST, _LATEST = date(2000, 1, 1).toordinal(), date(2100, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class ReportPressed(Action, code="rp"):
    """Show hours: days as ordinals; `whom` is "" for oneself, TEAM, a department's id, else a person's, in base32."""

    first: int
    last: int
    whom: str
    topic: str

    def __post_init__(self) -> None:
        """Take no forged days for days: whatever raises here is answered as an old button."""
        check_press(self.first, self.last, self.whom)


@dataclass(frozen=True, slots=True)
class PicturePressed(Action, code="rg"):
    """Send the picture of what is shown."""

    first: int
    last: int
    whom: str

    def __post_init__(self) -> None:
        """Take no forged days for days."""
        check_press(self.first, self.last, self.whom)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days, whose they are, and what is to stand out: a person, else a department, else the reader's team."""

    first: date
    last: date
    subject: Employee | None = None
    department: Department | None = None
    topic: str = ""

    def is_own(self, reader: Employee) -> bool:
        """Whether they are the reader's."""
        return self.subject is not None and self.subject.id == reader.id

    def whom(self, reader: Employee) -> str:
        """Return the button's word for whose hours they are."""
        if self.department is not None:
            return f"{DEPARTMENT}{short(self.department.id)}"
        if self.subject is None:
            return TEAM
        return "" if self.subject.id == reader.id else short(self.subject.id)

    def press(self, reader: Employee) -> ReportPressed:
        """Return the press that shows this again."""
        return ReportPressed(self.first.toordinal(), self.last.toordinal(), self.whom(reader), self.topic)

    def picture(self, reader: Employee) -> PicturePressed:
        """Return the press that sends the picture."""
        return PicturePressed(self.first.toordinal(), self.last.toordinal(), self.whom(reader))

    def turning(self, reader: Employee, today: date) -> tuple[Button, ...]:
        """Return the buttons to the days before, and to those after unless they are still to come."""
        first, last = beside(self.first, self.last, -1)
        back = replace(self, first=first, last=last)
        first, last = beside(self.first, self.last, 1)
        on = replace(self, first=first, last=last)
        buttons = [Button(t("◀ {period}", period=Period(back.first, back.last)), back.press(reader))]
        if on.first <= today:
            buttons.append(Button(t("{period} ▶", period=Period(on.first, on.last)), on.press(reader)))
        return tuple(buttons)


async def wanted_by(turn: Turn, slots: Mapping[str, object], reporting: Reporting) -> Wanted:
    """Return what understood words ask for; a person who is not the reader's to see is refused."""
    topic = str(slots.get("topic", ""))
    first, last = _days(turn, slots, topic)
    name, department = slots.get("person"), slots.get("department")
    if isinstance(department, str):
        found = await reporting.department(turn.portal, department)
        return Wanted(first, last, department=found, topic=topic)
    if slots.get("scope") == "team":
        return Wanted(first, last, topic=topic)
    subject = turn.employee
    if slots.get("scope") == "person" and isinstance(name, str):
        subject = await reporting.person(turn.portal, turn.employee, name)
    return Wanted(first, last, subject, topic=topic)


async def wanted_again(turn: Turn, press: ReportPressed | PicturePressed, reporting: Reporting) -> Wanted:
    """Return what a button asks for; rights may have changed since it was shown."""
    first, last = date.fromordinal(press.first), date.fromordinal(press.last)
    topic = press.topic if isinstance(press, ReportPressed) else ""
    if press.whom == TEAM:
        return Wanted(first, last, topic=topic)
    if press.whom.startswith(DEPARTMENT):
        department = await reporting.department_of(turn.portal, long(press.whom.removeprefix(DEPARTMENT)))
        return Wanted(first, last, department=department, topic=topic)
    subject = await reporting.person_of(turn.employee, long(press.whom) if press.whom else None)
    return Wanted(first, last, subject, topic=topic)


def check_day(day: int) -> None:
    """Raise ValueError for an ordinal that no button of ours carries."""
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError("not a day")


def check_press(first: int, last: int, whom: str) -> None:
    """Raise ValueError for days and people that no button of ours names."""
    if not _EARLIEST <= first <= last <= _LATEST or last - first > LONGEST.days:
        raise ValueError("not a period")
    if whom not in ("", TEAM) and long(whom.removeprefix(DEPARTMENT)) >= 1 << 63:
        raise ValueError("not a person")


def _days(turn: Turn, slots: Mapping[str, object], topic: str) -> tuple[date, date]:
    first, last = slots.get("from_day"), slots.get("to_day")
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        return first, min(last, first + LONGEST)
    today = turn.today
    return month_of(today) if topic in BY_MONTH else week_of(today)

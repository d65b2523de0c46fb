"""What the portal's pages change about people: who works there, in which department, who heads it, who is away."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot.sandbox.companies import SandboxDepartment
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows

ACCESSIBILITIES = ("absent", "busy", "quest", "free")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What somebody's calendar has: from day to day, both included, or between two instants in epoch seconds."""

    user_id: int
    first: date
    last: date
    start: int | None = None
    end: int | None = None
    accessibility: str = "absent"
    name: str = "Absence"

    @property
    def is_whole_day(self) -> bool:
        """Whether it is of days, not of hours."""
        return self.start is None or self.end is None


class Staff:
    """Accounts, departments and absences of a portal, with what was changed about them."""

    def __init__(self, rows: Rows, accounts: dict[int, Account], departments: dict[int, SandboxDepartment]) -> None:
        """Take over what was changed before."""
        self._rows = rows
        self.accounts = accounts
        self.departments = departments
        for user_id, body in rows.all("account"):
            if user_id in accounts:
                self._change(user_id, body["is_active"], tuple(body["departments"]))
        for department_id, head in rows.all("department"):
            if department_id in departments:
                departments[department_id] = replace(departments[department_id], head=head)
        self.entries = [_entry(body) for _, body in rows.all("absence")]

    def change(self, user_id: int, *, is_active: bool | None = None, department: int | None = None) -> None:
        """Dismiss or take on, or move to another department."""
        account = self.accounts[user_id]
        active = account.is_active if is_active is None else is_active
        departments = account.departments if department is None else (department,)
        self._change(user_id, active, departments)
        self._rows.put("account", user_id, {"is_active": active, "departments": [*departments]})

    def set_head(self, department_id: int, head: int | None) -> None:
        """Give a department another head, or none."""
        self.departments[department_id] = replace(self.departments[department_id], head=head)
        self._rows.put("department", department_id, head)

    def be_away(self, user_id: int, first: date, last: date) -> None:
        """Enter days of absence into somebody's calendar."""
        self.enter(CalendarEntry(user_id, first, last))

    def enter(self, entry: CalendarEntry) -> None:
        """Enter something into somebody's calendar."""
        self.entries.append(entry)
        body: dict[str, Any] = {**asdict(entry), "first": entry.first.isoformat(), "last": entry.last.isoformat()}
        self._rows.put("absence", self._rows.next_id("absence"), body)

    def clear(self, user_id: int) -> None:
        """Take everything out of somebody's calendar."""
        self.entries = [each for each in self.entries if each.user_id != user_id]
        gone = [row_id for row_id, body in self._rows.all("absence") if body["user_id"] == user_id]
        self._rows.drop("absence", gone)

    def is_away(self, user_id: int, day: date) -> bool:
        """Whether somebody is away that day."""
        return any(
            each.user_id == user_id and each.accessibility == "absent" and each.first <= day <= each.last
            for each in self.entries
        )

    def _change(self, user_id: int, is_active: bool, departments: tuple[int, ...]) -> None:
        self.accounts[user_id] = replace(self.accounts[user_id], is_active=is_active, departments=departments)


def _entry(body: dict[str, Any]) -> CalendarEntry:
    days = {name: date.fromisoformat(body[name]) for name in ("first", "last")}
    return CalendarEntry(**{**body, **days})

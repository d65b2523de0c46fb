"""What the portal's pages change about people: who works there, in which department, who heads it, who is away."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot.sandbox.companies import SandboxDepartment
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away, from day to day, both included."""

    user_id: int
    first: date
    last: date


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
        self.absences = [
            Absence(body["user_id"], date.fromisoformat(body["first"]), date.fromisoformat(body["last"]))
            for _, body in rows.all("absence")
        ]

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
        """Enter an absence into the portal's calendar."""
        absence = Absence(user_id, first, last)
        self.absences.append(absence)
        body: dict[str, Any] = {**asdict(absence), "first": first.isoformat(), "last": last.isoformat()}
        self._rows.put("absence", self._rows.next_id("absence"), body)

    def is_away(self, user_id: int, day: date) -> bool:
        """Whether somebody is away that day."""
        return any(each.user_id == user_id and each.first <= day <= each.last for each in self.absences)

    def _change(self, user_id: int, is_active: bool, departments: tuple[int, ...]) -> None:
        self.accounts[user_id] = replace(self.accounts[user_id], is_active=is_active, departments=departments)

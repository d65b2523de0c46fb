"""About whom each role may do what by an address with a person in it, typed by hand from the table of rights.

Each cell names the people: oneself, somebody below, somebody who is not, and somebody of another portal.
"""

from typing import Any, Final

import pytest

from bot.api.routes import OPERATIONS
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ids import new_id
from tests.api.caller import Cast

DAYS: Final = "?first=2026-07-01&last=2026-07-31"
SEEN: Final = ("own", "own below", "own below other", "own below other", "below other")
"""For an employee, a lead, an accountant, an administrator, a key of the portal, which is nobody itself."""
KNOWN: Final = ("own other", "own below other", "own below other", "own below other", "below other")
PLANNED: Final = ("", "below", "", "own below other", "below other")
KEPT: Final = ("", "", "own below other", "own below other", "below other")
STEERED: Final = ("", "", "own", "own below other", "below other")
"""One's own accounts are one's own; keys of employees and leads have no scope to write people."""
FLEXIBLE: Final = {"kind": "flexible", "since": "2026-08-03"}

EXPECTED: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "get_person": (None, KNOWN),
    "change_person": ({"personnel_number": "12"}, KEPT),
    "unlink_channel": (None, STEERED),
    "list_days": (None, SEEN),
    "get_account": (None, SEEN),
    "list_gaps": (None, SEEN),
    "list_absences": (None, SEEN),
    "get_roster": (None, SEEN),
    "list_leave_balances": (None, SEEN),
    "get_schedule": (None, SEEN),
    "put_schedule": (FLEXIBLE, PLANNED),
    "get_shift": (None, SEEN),
    "put_shift": ({"hours": None}, PLANNED),
}
ROLES: Final = ("anna", "sergey", "vera", "olga", "program")
REFUSED: Final = {401, 403, 404}


def test_each_operation_about_a_person_has_a_line() -> None:
    """One that nobody thought of would be about anybody."""
    assert set(EXPECTED) == {each.name for each in OPERATIONS if "{person_id}" in each.path}


async def _stranger(cast: Cast) -> int:
    other = Portal(new_id(), "other.example", "Другие")
    person = Employee(new_id(), other.id, "Чужой")
    async with cast.company.storage.unit_of_work() as uow:
        uow.portals.add(other)
        uow.employees.add(person)
        await uow.commit()
    return person.id


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_reaches_whom_the_table_names(cast: Cast, role: str) -> None:
    """Whoever is not named is refused or not there; whoever is named is answered, or told what else is in the way."""
    is_program = role == "program"
    caller = cast.olga if is_program else getattr(cast, role)
    program = await cast.company.key_of(caller, **({"is_service": True} if is_program else {}))
    below = cast.boris if role == "olga" else cast.anna
    people = {"below": below.employee_id, "other": cast.vera.employee_id, "stranger": await _stranger(cast)}
    people |= {} if is_program else {"own": caller.employee_id}
    if role in {"anna", "vera"}:
        del people["below"]  # they lead nobody
        people["other"] = cast.boris.employee_id
    addresses = {each.name: (each.verb, each.path) for each in OPERATIONS}
    found = {}
    for name, (body, _) in EXPECTED.items():
        verb, path = addresses[name]
        reached = []
        for about in ("own", "below", "other", "stranger"):
            if about not in people:
                continue
            address = path.replace("{person_id}", str(people[about])).replace("{day}", "2026-07-22")
            address = address.replace("{channel}", "bitrix24") + (DAYS if name in _OF_DAYS else "")
            answered = await program.call(verb, address, body, headers={"If-Match": '"0"'})
            assert answered.status < 500, (name, about, answered.body)
            reached += [about] if answered.status not in REFUSED else []
        found[name] = " ".join(reached)
    expected = {name: _of(people, row[ROLES.index(role)]) for name, (_, row) in EXPECTED.items()}
    assert expected == found


_OF_DAYS: Final = {"list_days", "get_account", "list_gaps", "list_absences", "get_roster"}


def _of(people: dict[str, int], cell: str) -> str:
    """Return those of a cell of whom this caller has somebody."""
    return " ".join(each for each in cell.split() if each in people)

"""Departments: found by the name that somebody says, and who works in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department, line_above
from bot.domain.portal import Portal
from bot.services.unit_service import UnitService
from bot.text import t
from bot.understanding.names import same_name, words_of

_MOST_NAMED = 10


class UnknownDepartment(Refusal):
    """No department of that name."""

    code = "unknown_department"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            found = ", ".join(known[:_MOST_NAMED])
            super().__init__(t("I know no department “{name}”. There are: {found}", name=name, found=found))
        else:
            super().__init__(t("I know no departments of your portal yet."))


class AmbiguousDepartment(Refusal):
    """Several departments of that name."""

    code = "ambiguous_department"

    def __init__(self, name: str, found: Sequence[str]) -> None:
        """Name those that were found."""
        names = ", ".join(found[:_MOST_NAMED])
        super().__init__(t("“{name}” can be several: {found}. Write the full name.", name=name, found=names))


class Departments(UnitService):
    """Knows the departments of a portal."""

    async def all_of(self, portal: Portal) -> Sequence[Department]:
        """Return the departments, by name."""
        return await self._uow.staff.departments(portal.id)

    async def find(self, portal: Portal, said: str) -> Department:
        """Return the one department that a name means: exactly, else in another case, else by words that begin its."""
        found = await self.fitting(portal, said)
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownDepartment(said.strip(), [each.name for each in await self.all_of(portal)])
        raise AmbiguousDepartment(said.strip(), [each.name for each in found])

    async def fitting(self, portal: Portal, said: str, *, in_full: bool = False) -> Sequence[Department]:
        """Return what a name can mean, by the strictest rule that finds any; `in_full`: by no part of a name."""
        known = await self.all_of(portal)
        wanted = words_of(said)
        found = [each for each in known if words_of(each.name) == wanted]
        found = found or [each for each in known if same_name(said, each.name)]
        return found or [each for each in known if not in_full and _begins(wanted, words_of(each.name))]

    async def get(self, portal: Portal, department_id: int) -> Department | None:
        """Return the department of that id."""
        return next((each for each in await self.all_of(portal) if each.id == department_id), None)

    async def members(self, portal: Portal, department: Department, day: date, *, below: bool = True) -> list[Employee]:
        """Return who works in a department on a day, by name, and in those below it unless told not to."""
        known = await self.all_of(portal)
        places = await self.places(portal, day)
        wanted = (
            {each.id for each in known if department.id in line_above(known, each.id)} if below else {department.id}
        )
        everybody = await self._uow.employees.of_portal(portal.id)
        return [each for each in everybody if places.get(each.id) in wanted]

    async def of_people(self, portal: Portal, people: Iterable[Employee], day: date) -> list[Department]:
        """Return the departments in which some people work on a day, and those above them, by name."""
        known, places = await self.all_of(portal), await self.places(portal, day)
        wanted = {place for each in people if (place := places.get(each.id)) is not None}
        above = {each for place in wanted for each in line_above(known, place)}
        return [each for each in known if each.id in above]

    async def names(self, portal: Portal, day: date) -> Mapping[int, str]:
        """Return the name of each person's department on a day; who has none is left out."""
        known = {each.id: each.name for each in await self.all_of(portal)}
        return {person: known[place] for person, place in (await self.places(portal, day)).items() if place in known}

    async def places(self, portal: Portal, day: date) -> Mapping[int, int | None]:
        """Return the department of each person who is employed on a day."""
        employments = await self._uow.staff.employments(portal.id)
        return {each.employee_id: each.department_id for each in employments if each.covers(day)}


def _begins(wanted: Sequence[str], name: Sequence[str]) -> bool:
    return bool(wanted) and all(any(word.startswith(each) for word in name) for each in wanted)

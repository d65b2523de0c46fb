"""Departments: found by the name that somebody says, and who works in them."""

from collections.abc import Sequence
from datetime import date

from bot.domain.employee import Employee
from bot.domain.errors import Refusal
from bot.domain.portal import Portal
from bot.domain.staff import Department, Employment, employment_on, line_above
from bot.ports import UnitOfWork
from bot.text import t
from bot.understanding.names import same_name

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


class Departments:
    """Knows the departments of a portal."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read through `uow`."""
        self._uow = uow

    async def all_of(self, portal: Portal) -> Sequence[Department]:
        """Return the departments, by name."""
        return await self._uow.staff.departments(portal.id)

    async def find(self, portal: Portal, said: str) -> Department:
        """Return the one department that a name means: exactly, else in another case or by its beginning."""
        known = await self.all_of(portal)
        wanted = said.casefold().strip()
        found = [each for each in known if each.name.casefold() == wanted]
        found = found or [each for each in known if same_name(said, each.name)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownDepartment(said.strip(), [each.name for each in known])
        raise AmbiguousDepartment(said.strip(), [each.name for each in found])

    async def get(self, portal: Portal, department_id: int) -> Department | None:
        """Return the department of that id."""
        return next((each for each in await self.all_of(portal) if each.id == department_id), None)

    async def members(self, portal: Portal, department: Department, day: date, *, below: bool = True) -> list[Employee]:
        """Return who works in a department on a day, by name, and in those below it unless told not to."""
        known = await self.all_of(portal)
        stretches: dict[int, list[Employment]] = {}
        for each in await self._uow.staff.employments(portal.id):
            stretches.setdefault(each.employee_id, []).append(each)
        wanted = (
            {each.id for each in known if department.id in line_above(known, each.id)} if below else {department.id}
        )
        return [
            each
            for each in await self._uow.employees.of_portal(portal.id)
            if (here := employment_on(stretches.get(each.id, ()), day)) and here.department_id in wanted
        ]

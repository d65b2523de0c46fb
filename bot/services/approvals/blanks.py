"""Blanks of templates: which department or group somebody means by a name, and the template with it put there.

People who are named one by one become the group that is blank; a department or another group takes its place in the
template, so that whoever works there by then is asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.domain.approvals.lacking import Lack
from bot.domain.approvals.named import in_place_of_group
from bot.domain.approvals.ready import GROUPS, HEADED
from bot.domain.approvals.who import ByDepartment, ByGroup
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.portal import Portal
from bot.services.approvals.structure import PortalStructure, Structures, department_id
from bot.services.approvals.templates import KeptTemplate, Templates
from bot.services.people.departments import Departments
from bot.services.people.groups import Groups
from bot.services.unit_service import UnitService
from bot.text import tn

_HEAD: Final = re.compile(
    r"(?:руководител|начальник|глав|head\b|lead\b|manager\b)\w*(?:\s+of)?(?:\s+the)?\s+(?=\S)", re.IGNORECASE
)
_ALL: Final = re.compile(
    r"(?:вс[её]х?|сотрудник\w*|everybody|everyone|all|people|members)"
    r"(?:\s+(?:сотрудник\w*|people|members))?(?:\s+(?:из|в|of|in|from))?(?:\s+the)?\s+(?=\S)",
    re.IGNORECASE,
)


class TooFewThere(Refusal):
    """Fewer people in a department or group than the template asks for."""

    code = "too_few_there"

    def __init__(self, name: str, needed: int, there: int) -> None:
        """Say how many there are, and how many there have to be."""
        super().__init__(
            tn("“{name}”: {there} to ask there now, and {count} person is needed. Name others, please.",
               "“{name}”: {there} to ask there now, and {count} people are needed. Name others, please.",
               needed, name=name, there=there)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom somebody can mean, as a template names them."""

    who: ByDepartment | ByGroup
    name: str
    """What the department or the group is called."""
    people: Sequence[Employee]
    """Who would be asked as things are."""

    def check(self, blank: Lack) -> None:
        """Raise TooFewThere where a blank needs more people."""
        if len(self.people) < blank.needed:
            raise TooFewThere(self.name, blank.needed, len(self.people))


class Blanks(UnitService):
    """Finds who is to stand in a blank, and puts them there."""

    async def meant(
        self, portal: Portal, said: str, blank: Lack, now: datetime, *, in_full: bool = False
    ) -> Sequence[Candidate]:
        """Return what a name can mean for a blank: departments, by their heads or members, and groups.

        Whom of a department is what was said («все из отдела продаж»), else what the blank wants; where neither tells,
        both are returned. `in_full` takes no part of a name for it: the words may mean something else.
        """
        said = said.strip(" .!")
        whom: Sequence[Literal["head", "members"]] = _wanted(blank)
        if (of_head := _HEAD.match(said)) is not None:
            said, whom = said[of_head.end() :], ["head"]
        elif (of_all := _ALL.match(said)) is not None:
            said, whom = said[of_all.end() :], ["members"]
        departments = await Departments(self._uow).fitting(portal, said, in_full=in_full)
        groups = [each for each in await Groups(self._uow).fitting(portal, said) if each.name != blank.name]
        if not departments and not groups:
            return ()
        structure = await Structures(self._uow).of(portal, now)
        asked: list[ByDepartment | ByGroup] = [who for each in departments for who in _named(each, whom)]
        asked += [ByGroup(by="group", name=each.name) for each in groups]
        return [found for who in asked if (found := candidate(who, structure)) is not None]

    async def candidate(self, portal: Portal, who: ByDepartment | ByGroup, now: datetime) -> Candidate | None:
        """Return whom a template would name, as things are; None where that is not there any more."""
        return candidate(who, await Structures(self._uow).of(portal, now))

    async def fill(
        self,
        actor: Employee,
        portal: Portal,
        kept: KeptTemplate,
        blank: str,
        who: ByDepartment | ByGroup,
        now: datetime,
    ) -> KeptTemplate:
        """Name them in a blank's place, in a new version, which is a draft; needs the right to keep rules."""
        template = in_place_of_group(kept.template, blank, who)
        if template == kept.template:
            return kept
        return await Templates(self._uow).bring(actor, portal, template, now)


def candidate(who: ByDepartment | ByGroup, structure: PortalStructure) -> Candidate | None:
    """Return whom a template would name by a portal's structure; None where that is not there."""
    company = structure.company
    if isinstance(who, ByGroup):
        group = structure.groups.get(who.name)
        title, ids = "" if group is None else group.title, company.group(who.name)
    else:
        department = structure.departments.get(who.id)
        title = "" if department is None else department.name
        ids = company.heads_of_department(who.id)[:1] if who.who == "head" else company.members(who.id)
    people = [structure.employees[each] for each in ids if company.knows(each) and company.is_active(each)]
    return Candidate(who, title, people) if title else None


def _wanted(blank: Lack) -> Sequence[Literal["head", "members"]]:
    if blank.needed > 1:
        return ("members",)
    if blank.name in HEADED:
        return ("head",)
    return ("members",) if blank.name in GROUPS else ("head", "members")


def _named(department: Department, whom: Sequence[Literal["head", "members"]]) -> Iterator[ByDepartment]:
    """Yield a department as templates name it: by the portal's own number, without which they cannot."""
    number = department_id(department.key)
    if isinstance(number, int):
        yield from (ByDepartment(by="department", id=number, who=each) for each in whom)

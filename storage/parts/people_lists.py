"""The list of people ⇄ rows."""

from collections.abc import Sequence
from datetime import date

from bot.domain.people.employee import Employee
from bot.domain.people.listed import ListedPerson, PeopleWanted
from storage.part import Part
from storage.rows import clean
from storage.shapes import person_of, persons_in
from storage.sql import people_lists as sql


class PeopleLists(Part):
    """Lists of people, a page at a time."""

    async def page(
        self, portal_id: int, wanted: PeopleWanted, after: Employee | None, size: int, *, today: date, invites: str
    ) -> Sequence[ListedPerson]:
        """Return a page of people by name, behind somebody; `invites` is the messenger that people are brought into."""
        name = clean(" ".join(wanted.name.split()))
        values = {
            "portal_id": portal_id,
            "department_id": wanted.department_id,
            "role": wanted.role.value if wanted.role else "",
            "state": wanted.state.value,
            "invites": invites,
            "is_lost": False,
            "said": _part(name),
            "in_small": _part(name.lower()),  # neither database knows the case of all letters everywhere
            "in_large": _part(name.title()),
            "after_name": after.name if after else "",
            "after_id": after.id if after else 0,
            "size": size,
            "today": today.isoformat(),
        }
        rows = await self._rows(sql.PEOPLE_LIST, values)
        found = []
        for group in persons_in(rows):
            person = person_of(group)
            if person is not None:
                found.append(ListedPerson(person, group[0][-2] or "", group[0][-1] or ""))
        return found


def _part(name: str) -> str:
    for each in "/%_":
        name = name.replace(each, f"/{each}")
    return f"%{name}%"

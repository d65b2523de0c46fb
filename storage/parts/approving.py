"""Templates of approval and groups of people ⇄ rows."""

from collections.abc import Iterable, Sequence

from bot.domain.approvals.template import TemplateVersion
from bot.domain.people.group import Group
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.rows import clean, millis
from storage.shape import Shape
from storage.sql import approving

_SHAPE = Shape(TemplateVersion, schema.approval_template)


class Templates(Part):
    """Templates with all their versions."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, str, int], TemplateVersion] = {}
        """By portal, key and version, as they will be."""

    async def of_portal(self, portal_id: int) -> Sequence[TemplateVersion]:
        """Return every version of every template of a portal, by key and version."""
        rows = await self._rows(approving.TEMPLATES, {"portal_id": portal_id})
        return self._with_noted(map(_SHAPE.read, rows), portal_id)

    async def versions(self, portal_id: int, key: str) -> Sequence[TemplateVersion]:
        """Return the versions of one template, oldest first."""
        rows = await self._rows(approving.TEMPLATE_VERSIONS, {"portal_id": portal_id, "key": key})
        return self._with_noted(map(_SHAPE.read, rows), portal_id, key)

    def add(self, version: TemplateVersion) -> None:
        """Note a new version; one of that number that is there already is a Conflict."""
        self._noted[_key(version)] = version
        self._note(approving.ADD_TEMPLATE, _SHAPE.values(version))

    def put_state(self, before: TemplateVersion, after: TemplateVersion) -> None:
        """Note that a version was switched on or off; a Conflict when its state is no longer what was read."""
        self._noted[_key(after)] = after
        values = {
            "the_portal_id": before.portal_id,
            "the_key": before.key,
            "the_version": before.version,
            "the_state": before.state.value,
            "state": after.state.value,
            "changed_at": None if after.changed_at is None else millis(after.changed_at),
            "changed_by": after.changed_by,
        }
        self._note(approving.PUT_TEMPLATE_STATE, values, 1)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def _with_noted(self, stored: Iterable[TemplateVersion], portal_id: int, key: str = "") -> list[TemplateVersion]:
        found = {_key(each): each for each in stored}
        found |= {
            place: each
            for place, each in self._noted.items()
            if each.portal_id == portal_id and (not key or each.key == key)
        }
        return [found[place] for place in sorted(found)]


class Groups(Part):
    """Groups of people: their members are rows, in the order in which they were named."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, str], Group | None] = {}
        """By portal and name, as they will be; None for those that go."""

    async def of_portal(self, portal_id: int) -> Sequence[Group]:
        """Return the groups of a portal, by name."""
        rows = await self._rows(approving.GROUPS, {"portal_id": portal_id})
        titles: dict[str, str] = {}
        members: dict[str, list[int]] = {}
        for _, name, title, employee_id in rows:
            titles[name] = title
            members.setdefault(name, []).extend(() if employee_id is None else (employee_id,))
        found: dict[str, Group | None] = {
            name: Group(portal_id, name, title, tuple(members[name])) for name, title in titles.items()
        }
        found |= {name: each for (portal, name), each in self._noted.items() if portal == portal_id}
        return [each for _, each in sorted(found.items()) if each is not None]

    def put(self, group: Group) -> None:
        """Note a new group, or how the one of that name is now."""
        self._noted[group.portal_id, group.name] = group

    def remove(self, group: Group) -> None:
        """Note that a group goes."""
        self._noted[group.portal_id, group.name] = None

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [write for place, each in self._noted.items() for write in _group_writes(place, each)]


def _group_writes(place: tuple[int, str], group: Group | None) -> list[Write]:
    the = {"the_portal_id": place[0], "the_name": place[1]}
    writes = [Write(approving.CLEAR_GROUP, the)]
    if group is None:
        return [*writes, Write(approving.REMOVE_GROUP, the)]
    own = {"portal_id": group.portal_id, "name": group.name}
    writes.append(Write(approving.PUT_GROUP, {**own, "title": clean(group.title)}))
    writes += [
        Write(approving.ADD_MEMBER, {**own, "employee_id": member, "place": number})
        for number, member in enumerate(group.members)
    ]
    return writes


def _key(version: TemplateVersion) -> tuple[int, str, int]:
    return version.portal_id, version.key, version.version

"""Rules of a portal, and how often they held ⇄ rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.automation.rule import Firing, RuleVersion
from storage import schema
from storage.engines.engine import Reader
from storage.part import Part
from storage.rows import clean, millis
from storage.shape import Shape
from storage.sql import automation_rules as sql

_SHAPE = Shape(RuleVersion, schema.automation_rule)
_FIRING = Shape(Firing, schema.rule_firing)


class AutomationRules(Part):
    """Rules with all their versions."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, str, int], RuleVersion] = {}
        """By portal, key and version, as they will be."""
        self._fired: list[Firing] = []
        self._on: dict[int, Sequence[RuleVersion]] = {}
        """By portal, what is gone by as it was read: one look asks several times."""

    async def of_portal(self, portal_id: int) -> Sequence[RuleVersion]:
        """Return every version of every rule of a portal, by key and version."""
        rows = await self._rows(sql.RULES, {"portal_id": portal_id})
        return self._with_noted(map(_SHAPE.read, rows), portal_id)

    async def on(self, portal_id: int) -> Sequence[RuleVersion]:
        """Return the versions that are gone by, by key."""
        if portal_id not in self._on:
            rows = await self._rows(sql.RULES_ON, {"portal_id": portal_id})
            self._on[portal_id] = list(map(_SHAPE.read, rows))
        return [each for each in self._with_noted(self._on[portal_id], portal_id) if each.is_on]

    def add(self, version: RuleVersion) -> None:
        """Note a new version; one of that number that is there already is a Conflict."""
        self._noted[_key(version)] = version
        self._note(sql.ADD_RULE, _SHAPE.values(version))

    def put_state(self, before: RuleVersion, after: RuleVersion) -> None:
        """Note that a version was switched, or met with trouble; a Conflict when its state is not what was read."""
        self._noted[_key(after)] = after
        values = {
            "the_portal_id": before.portal_id,
            "the_key": before.key,
            "the_version": before.version,
            "the_state": before.state.value,
            "state": after.state.value,
            "changed_at": None if after.changed_at is None else millis(after.changed_at),
            "changed_by": after.changed_by,
            "trouble": clean(after.trouble),
        }
        self._note(sql.PUT_RULE_STATE, values, 1)

    async def fired(self, portal_id: int, thing: str, since: datetime) -> Sequence[Firing]:
        """Return how often rules held for an object since then, oldest first."""
        rows = await self._rows(sql.FIRED, {"portal_id": portal_id, "object": thing, "since": millis(since)})
        noted = [
            each for each in self._fired if (each.portal_id, each.object) == (portal_id, thing) and each.at >= since
        ]
        return [*map(_FIRING.read, rows), *noted]

    async def latest(self, portal_id: int, key: str, limit: int) -> Sequence[Firing]:
        """Return when a rule held last, newest first."""
        rows = await self._rows(sql.FIRINGS, {"portal_id": portal_id, "rule": key, "limit": limit})
        return list(map(_FIRING.read, rows))

    def fire(self, firing: Firing) -> None:
        """Note that a rule held; a Conflict when that occurrence is known meanwhile."""
        self._fired.append(firing)
        self._note(sql.FIRE, _FIRING.values(firing))

    def tie(self, portal_id: int, thing: str, request_id: int) -> None:
        """Note that an object was made for a request; what is known changes nothing."""
        self._note(sql.TIE, {"portal_id": portal_id, "object": thing, "request_id": request_id})

    async def tied(self, portal_id: int, thing: str) -> Sequence[int]:
        """Return the requests that an object was made for."""
        return [row[0] for row in await self._rows(sql.TIED, {"portal_id": portal_id, "object": thing})]

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()
        self._fired.clear()
        self._on.clear()

    def _with_noted(self, stored: Iterable[RuleVersion], portal_id: int) -> list[RuleVersion]:
        found = {_key(each): each for each in stored}
        found |= {place: each for place, each in self._noted.items() if each.portal_id == portal_id}
        return [found[place] for place in sorted(found)]


def _key(version: RuleVersion) -> tuple[int, str, int]:
    return version.portal_id, version.key, version.version

"""What comes of a look at a portal's object: it is compared, kept and told, and rules follow, all in one unit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.automation.comparing import Compared, Look, compare, is_as_seen
from bot.domain.automation.own_writes import is_own
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import Family, FamilyWatch, Hint, Sighting, Watched
from bot.domain.events import ObjectChanged
from bot.ids import ID_BITS
from bot.ports import UnitOfWork
from bot.services.automation.asked_about import AskedAbout
from bot.services.automation.rules import Rules
from bot.services.unit_service import UnitService

_LATE: Final = timedelta(days=1)
"""What we wrote longer before a look is told from others' doing by nobody."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of some objects of a portal before they are looked at."""

    watched: Watched
    watches: Mapping[Family, FamilyWatch]
    sightings: Mapping[ObjectRef, Sighting]


class Looking(UnitService):
    """Keeps what was seen of objects of portals."""

    def __init__(self, uow: UnitOfWork, rules: Rules, asked: AskedAbout) -> None:
        """Let `rules` follow from what happened, and let requests follow their objects."""
        super().__init__(uow)
        self._rules = rules
        self._asked = asked

    async def watched(self, portal_id: int) -> Watched:
        """Return what of a portal is to be looked at: what rules need, and what open requests are about."""
        rules = await self._rules.watched(portal_id)
        return rules.and_also(Watched(objects=await self._asked.objects(portal_id)))

    async def before(self, portal_id: int, refs: Sequence[ObjectRef]) -> Before:
        """Return what is known of some objects before they are looked at; of objects it is asked, never listed."""
        rules = await self._rules.watched(portal_id)
        watched = rules.and_also(Watched(objects=await self._asked.of(portal_id, refs)))
        seen = await self._uow.objects.sightings(portal_id, refs)
        return Before(watched, await self.watches(portal_id), seen)

    async def saw(self, portal_id: int, hint: Hint, look: Look, now: datetime) -> None:
        """Note what a look brought, and what follows from it."""
        self._uow.objects.looked(hint)
        portal = await self._uow.portals.get(portal_id)
        known = await self.before(portal_id, [look.ref])
        if portal is None or not portal.is_active or not known.watched.has(look.ref):
            return
        seen, watch = known.sightings.get(look.ref), known.watches.get(look.ref.family)
        found = await self._without_ours(
            compare(look, portal_id, seen, watch, known.watched.fields_of(look.ref.family)), portal_id, seen, look.at
        )
        if found.sighting is not None:
            self._uow.objects.put(found.sighting)
        elif seen is not None:
            self._uow.objects.drop(portal_id, look.ref)
        change = found.change
        if change is None or (change.what == "deleted" and seen is None and look.ref not in known.watched.objects):
            return
        self._uow.events.append(ObjectChanged(portal_id, 0, change))
        if look.ref in known.watched.objects:
            await self._asked.happened(portal, change, now)  # before rules, which may ask about it anew
        if look.ref.family in known.watched.families:
            await self._rules.happened(portal, change, now)

    async def watches(self, portal_id: int) -> Mapping[Family, FamilyWatch]:
        """Return from where on families are watched."""
        return await self._uow.objects.watches(portal_id)

    async def _without_ours(self, found: Compared, portal_id: int, seen: Sighting | None, at: datetime) -> Compared:
        """Return what happened with whether it was ours, and up to when our errands are accounted for.

        By when they ended, for one may be done long after it was noted. What ended while we looked may not have been
        seen yet: it counts in the next look as well.
        """
        before = seen.last_errand if seen is not None else 0
        if found.change is None:
            kept = found.sighting and replace(found.sighting, last_errand=before)
            return Compared(None, kept)
        after = before >> ID_BITS if before >> 50 else before
        since = max(datetime.fromtimestamp(after / 1000, at.tzinfo), at - _LATE)
        errands = await self._uow.errands.about(portal_id, str(found.change.ref), since)
        kept = found.sighting and replace(found.sighting, last_errand=max(after, int(at.timestamp() * 1000)))
        return Compared(replace(found.change, is_own=is_own(found.change, errands)), kept)

    async def pass_over(self, hints: Sequence[Hint]) -> None:
        """Note that nothing is to be looked at any more for these."""
        for each in hints:
            self._uow.objects.looked(each)

    async def begin_watches(self, portal_id: int, newest: Mapping[Family, tuple[int, int]], now: datetime) -> None:
        """Note from where on families are watched that were not before, and that others are watched no more."""
        families = (await self.watched(portal_id)).families
        known = await self.watches(portal_id)
        for family in known.keys() - families.keys():
            self._uow.objects.drop_watch(portal_id, family)
        for family, (last_id, last_move) in newest.items():
            if family in families and family not in known:
                self._uow.objects.begin_watch(FamilyWatch(portal_id, family, last_id, last_move, now))

    async def could_look(self, portal_id: int, unseen: Collection[str], seen: Collection[str], now: datetime) -> None:
        """Note which families and objects the portal lets nobody look at, and which it lets us look at again.

        Rules of those families say it; where none watches a family, the requests about its objects do.
        """
        await self._rules.could_look(portal_id, unseen, seen)
        watched = (await self._rules.watched(portal_id)).families
        refs = [ref for each in sorted(unseen) if (ref := ObjectRef.parse(each)) is not None]
        await self._asked.unseen(portal_id, [each for each in refs if each.family not in watched], now)

    async def look_again(self, portal_id: int, refs: Collection[ObjectRef]) -> None:
        """Note that objects of open requests are to be looked at: their end is in no list of what changed."""
        for each in refs:
            self._uow.objects.note(Hint(portal_id, str(each)))

    async def went_through(
        self, watch: FamilyWatch, changed: Mapping[ObjectRef, Mapping[str, Any]], through: datetime | None
    ) -> int:
        """Note what changed on a portal without our being told, to be looked at; returns how much that was.

        With `through` the whole family was gone through up to then.
        """
        seen = await self._uow.objects.sightings(watch.portal_id, list(changed))
        missed = [ref for ref, listed in changed.items() if ref not in seen or not is_as_seen(listed, seen[ref])]
        for each in missed:
            self._uow.objects.note(Hint(watch.portal_id, str(each)))
        if through is not None:
            self._uow.objects.put_watch(replace(watch, through=through))
        return len(missed)

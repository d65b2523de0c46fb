"""The lookout: what portals told of their objects is looked at, and now and then what they did not tell of is found.

Events of portals come late, twice, in another order, or not at all; a portal that changes a thousand deals at once
sends a thousand of them. So a word waits a moment for others about the same object, fifty objects are read in one
request, and in a flood an object that was looked at rests before it is looked at again. Every five minutes each
family that rules watch is asked for what has changed since: what was lost on the way, or while the service was down,
is looked at then. Of several processes, the one that fetches a portal's events looks after its objects; a portal in
trouble is left alone for a while, and holds up no other.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot import metrics
from bot.clock import Clock
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking, Work
from bot.domain.automation.comparing import Look, counted_up_to, listed_fields, needs_history
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import BINDING, USER, Family, FamilyWatch, Hint, Watched
from bot.ports import Conflict, Storage
from bot.ports.eyes import Eyes, HasEyes, NotSeen, Page, Seen
from bot.services.automation.looking import Before, Looking
from bot.services.wiring import Services

if TYPE_CHECKING:
    from bot.domain.automation.change import Move

EVERY = timedelta(minutes=5)
"""So often what was lost is looked for."""
OVERLAP = timedelta(minutes=1)
"""So much of what was gone through is gone through again: a portal's list may lag behind its clock."""
AT_ONCE = 50
AGAIN_AT_ONCE = 300
"""Objects of open requests that are noted in one commit: others write in between."""
REST = 2.0
"""Seconds that an object rests after a look."""
FLOOD_REST = 60.0
"""The same where more waits than one request reads."""
LOOK_EVERY = 1.0
MOST_ROUNDS = 50
"""Portals that are gone through at a time; of those that told of something each is looked after at once."""
_LONGEST_PAUSE = 300.0
_NO_RIGHT_PAUSE = 600.0
_LONGEST_REFUSED = 3600.0
"""An object that a portal refuses is asked for again, ever more seldom, up to then."""
EMPTY_AGAIN = 60.0
"""Seconds after which a task that was answered with nothing is looked at again. Nothing twice means that it is gone: a
portal tells the same of a task that is gone and of one that is none of ours to read, and once may be a moment's."""
_Done = TypeVar("_Done")

log = structlog.get_logger("lookout")


class Lookout:
    """Looks after the objects of all portals that this process serves."""

    def __init__(
        self,
        storage: Storage,
        undertaking: Undertaking,
        channel: HasEyes,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look by the eyes of `channel`; rounds go by `clock`, which in the sandbox people move."""
        self._storage = storage
        self._undertaking = undertaking
        self._channel = channel
        self._clock = clock
        self._monotonic = monotonic
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, tuple[float, int]] = {}
        """Portals in trouble: until when they are left alone, and how often they were."""
        self._flooded: dict[str, float] = {}
        self._rounds: dict[str, datetime] = {}
        """When each portal that we look after was gone through last."""
        self._portals: dict[str, int] = {}
        self._unbound: set[str] = set()
        """Portals that do not let us say what they are to tell of."""
        self._empty: dict[tuple[int, ObjectRef], float] = {}
        """Tasks that were answered with nothing, and when first."""

    async def run(self) -> None:
        """Look until cancelled."""
        self._storage.on_hints(self._wake.set)
        try:
            while True:
                self._wake.clear()
                try:
                    await self.begin()
                except Exception as error:  # noqa: BLE001 - the database comes back, what waits is still there
                    log.warning("lookout is blind", error=type(error).__name__)
                try:
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
                        await asyncio.sleep(LOOK_EVERY / 10)  # what comes in a burst is begun together
                except TimeoutError:
                    pass
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def catch_up(self) -> None:
        """Return when everything that is due now was looked at, as far as the portals let us."""
        await self.begin()
        while self._busy:
            await asyncio.wait(list(self._busy.values()))
            await asyncio.sleep(0)

    async def begin(self) -> None:
        """Begin to look after each portal for which something is due."""
        ours = set(self._channel.looked_after())
        for key in [each for each in self._rounds if each not in ours]:
            del self._rounds[key]  # when it is ours again, it is gone through at once
        waiting = await self._storage.hints.waiting()
        now = self._clock.now()
        room = MOST_ROUNDS - len(self._busy)
        for key in ours:
            portal_id, count = waiting.get(key, (0, 0))
            is_due = key not in self._rounds or now - self._rounds[key] >= EVERY
            is_due = is_due and room > 0
            if key in self._busy or not (count or is_due) or self._is_resting(key):
                continue
            room -= 1
            self._busy[key] = asyncio.create_task(self._look_after(key, portal_id, count, is_due=is_due))
            self._busy[key].add_done_callback(partial(self._ended, key))

    def _ended(self, key: str, _: "asyncio.Task[None]") -> None:
        self._busy.pop(key, None)

    def _is_resting(self, key: str) -> bool:
        return self._monotonic() < self._resting.get(key, (0.0, 0))[0]

    async def _look_after(self, key: str, portal_id: int, count: int, *, is_due: bool) -> None:
        """Look at what waits on a portal, and go through it when that is due."""
        eyes = self._channel.eyes(key)
        if eyes is None:
            return
        try:
            if is_due:
                await self._go_through(key, eyes)
            if count:
                await self._look(key, portal_id, count, eyes)
            self._resting.pop(key, None)
        except NotSeen as trouble:
            await self._let_rest(key, portal_id, trouble)
        except Conflict:
            pass  # another process looks after it as well; whoever was first is right
        except Exception as error:
            log.exception("lookout failed", realm=key, error=type(error).__name__)
            await self._let_rest(key, portal_id, NotSeen(type(error).__name__, may_pass=True))

    async def _let_rest(self, key: str, portal_id: int, trouble: NotSeen) -> None:
        times = self._resting.get(key, (0.0, 0))[1] + 1
        pause = min(2.0**times, _LONGEST_PAUSE) if trouble.may_pass else _NO_RIGHT_PAUSE
        pause = max(pause, trouble.retry_after or 0.0)
        self._resting[key] = (self._monotonic() + pause, times)
        log.log(20 if times == 1 else 10, "objects not seen", realm=key, code=trouble.code, again_in=pause)
        if portal_id:
            await self._storage.hints.postpone(portal_id, pause)

    async def _do(self, work: Work[_Done]) -> _Done:
        return await self._undertaking(work, Occasion(self._clock.now()))

    # What was told

    async def _look(self, key: str, portal_id: int, count: int, eyes: Eyes) -> None:
        """Look at what waits, fifty at a time, until nothing is due any more."""
        while True:
            hints = await self._storage.hints.next(portal_id, AT_ONCE, rest=self._rest(key, count))
            if not hints:
                return
            await self._look_at(key, portal_id, hints, eyes)
            count = AT_ONCE + 1 if len(hints) == AT_ONCE else 0  # as much again may have come meanwhile

    def _rest(self, key: str, count: int) -> float:
        now = self._monotonic()
        if count > AT_ONCE:
            self._flooded[key] = now + FLOOD_REST
        if self._flooded.get(key, now) > now:
            return FLOOD_REST
        self._flooded.pop(key, None)
        return REST

    async def _look_at(self, key: str, portal_id: int, hints: Sequence[Hint], eyes: Eyes) -> None:
        refs = {each.ref: ObjectRef.parse(each.ref) for each in hints}
        named = [each for each in refs.values() if each is not None]
        known = await self._do(lambda services: services.get(Looking).before(portal_id, named))
        wanted = {each: hint for hint in hints if (each := refs[hint.ref]) is not None and known.watched.has(each)}
        for hint in hints:
            if hint.ref == BINDING:
                await self._bind(key, portal_id, eyes)
            elif hint.ref.startswith(USER):
                await eyes.meet()
        looks, refused = await self._looks(portal_id, list(wanted), known, eyes)
        metrics.LOOKS.labels("told").inc(len(looks))
        for look in looks:
            await self._saw(key, portal_id, wanted[look.ref], look)
        over = [each for each in hints if refs[each.ref] not in wanted]
        if over:
            await self._do(lambda services: services.get(Looking).pass_over(over))
        seen = {look.ref for look in looks}
        back = {str(each) for each in seen if wanted[each].tries}
        if refused or back:
            for ref, code in refused.items():
                log.log(10 if wanted[ref].tries else 20, "object refused", realm=key, object=str(ref), code=code)
            await self._could_look(portal_id, {str(each) for each in refused}, back)
        pauses: dict[float, list[str]] = defaultdict(list)
        for ref, hint in wanted.items():
            if ref in refused:
                pauses[min(_NO_RIGHT_PAUSE * 2.0 ** min(hint.tries, 9), _LONGEST_REFUSED)].append(hint.ref)
            elif ref not in seen:
                is_empty = (portal_id, ref) in self._empty
                pauses[EMPTY_AGAIN if is_empty else _later(hint.tries)].append(hint.ref)
        for pause, some in pauses.items():
            await self._storage.hints.postpone(portal_id, pause, some)

    async def _could_look(self, portal_id: int, unseen: Collection[str], seen: Collection[str]) -> None:
        now = self._clock.now()
        await self._do(lambda services: services.get(Looking).could_look(portal_id, unseen, seen, now))

    async def _saw(self, key: str, portal_id: int, hint: Hint, look: Look) -> None:
        """Keep what a look brought; one object that makes us fail holds up no other."""
        now = self._clock.now()
        look = Look(look.ref, look.fields, look.at, look.moves, hint.actor)
        try:
            await self._do(lambda services: services.get(Looking).saw(portal_id, hint, look, now))
        except Conflict:
            log.info("object was looked at twice", realm=key, object=str(look.ref))
            await self._storage.hints.postpone(portal_id, REST, [hint.ref])
        except Exception as error:
            pause = _later(hint.tries)
            log.exception(
                "object not taken", realm=key, object=str(look.ref), error=type(error).__name__, again_in=pause
            )
            await self._storage.hints.postpone(portal_id, pause, [hint.ref])

    async def _looks(
        self, portal_id: int, refs: Sequence[ObjectRef], known: Before, eyes: Eyes
    ) -> tuple[list[Look], Mapping[ObjectRef, str]]:
        """Look at objects, and at the history of those that moved; return as well what was refused, and why."""
        if not refs:
            return [], {}
        now = self._clock.now()
        seen = await eyes.look(refs)
        gone = seen.gone | self._gone_by_now(portal_id, refs, seen)
        refused = dict(seen.refused)
        moved: dict[str, list[ObjectRef]] = defaultdict(list)
        for ref, fields in seen.objects.items():
            if needs_history(fields, ref, known.sightings.get(ref), known.watches.get(ref.family)):
                moved[ref.family].append(ref)
        moves: dict[ObjectRef, Sequence[Move]] = {}
        for family, some in moved.items():
            watch = known.watches.get(family)
            after = min(counted_up_to(known.sightings.get(each), watch) for each in some)
            try:
                found = await eyes.moves(family, [each.number for each in some], after)
            except NotSeen as trouble:
                if trouble.may_pass:
                    raise
                refused |= dict.fromkeys(some, trouble.code)  # without its moves it is seen in part only
                continue
            moves |= {each: found.get(each.number, ()) for each in some}
        looks = [
            Look(ref, fields, now, moves.get(ref, ())) for ref, fields in seen.objects.items() if ref not in refused
        ]
        return [*looks, *(Look(ref, None, now) for ref in refs if ref in gone)], refused

    def _gone_by_now(self, portal_id: int, refs: Sequence[ObjectRef], seen: Seen) -> frozenset[ObjectRef]:
        """Return the tasks that were answered with nothing now and a while ago."""
        now = self._monotonic()
        for ref in refs:
            if ref in seen.empty:
                self._empty.setdefault((portal_id, ref), now)
            else:
                self._empty.pop((portal_id, ref), None)
        gone = frozenset(each for each in seen.empty if now - self._empty[portal_id, each] >= EMPTY_AGAIN)
        for each in gone:
            del self._empty[portal_id, each]
        return gone

    # What was not told

    async def _bind(self, key: str, portal_id: int, eyes: Eyes) -> None:
        """Have the portal tell of what is watched now, and note from where on; what it refuses holds up nothing."""
        watched, watches = await self._do(lambda services: _both(services.get(Looking), portal_id))
        try:
            await eyes.listen(watched.told_of)
            self._unbound.discard(key)
        except NotSeen as trouble:
            if trouble.may_pass:
                raise
            log.log(10 if key in self._unbound else 20, "portal tells nothing", realm=key, code=trouble.code)
            self._unbound.add(key)
        newest: dict[Family, tuple[int, int]] = {}
        refused: set[Family] = set()
        for family in sorted(watched.families.keys() - watches.keys()):
            try:
                newest[family] = await eyes.newest(family)
            except NotSeen as trouble:
                _refused(trouble, key, family, refused)
        if refused:
            await self._could_look(portal_id, refused, ())
        if newest or watches.keys() - watched.families.keys():
            now = self._clock.now()
            await self._do(lambda services: services.get(Looking).begin_watches(portal_id, newest, now))

    async def _go_through(self, key: str, eyes: Eyes) -> None:
        """Ask a portal for what changed since it was gone through last; the first time, bind what is needed."""
        portal_id = await self._portal_id(key)
        if portal_id is None:
            return
        now = self._clock.now()
        watched, watches = await self._do(lambda services: _both(services.get(Looking), portal_id))
        if key not in self._rounds or key in self._unbound or watched.families.keys() - watches.keys():
            await self._bind(key, portal_id, eyes)
            watched, watches = await self._do(lambda services: _both(services.get(Looking), portal_id))
        refused: set[Family] = set()
        for watch in watches.values():
            fields = listed_fields(watch.family, watched.fields_of(watch.family))
            try:
                missed = await self._go_through_family(watch, eyes, fields)
            except NotSeen as trouble:
                _refused(trouble, key, watch.family, refused)
                continue
            if missed:
                log.info("objects found that nobody told of", realm=key, family=watch.family, count=missed)
        await self._could_look(portal_id, refused, watches.keys() - refused)
        objects = sorted(watched.objects)
        for first in range(0, len(objects), AGAIN_AT_ONCE):
            some = objects[first : first + AGAIN_AT_ONCE]
            await self._do(partial(_look_again, portal_id, some))
        self._rounds[key] = now

    async def _go_through_family(self, watch: FamilyWatch, eyes: Eyes, fields: frozenset[str]) -> int:
        """Go through what changed in a family since the last time; return how much nobody had told of."""
        after, missed = 0, 0
        began: datetime | None = None
        while True:
            page = await eyes.changed(watch.family, watch.through - OVERLAP, after, fields)
            began = began or page.at
            is_last = page.is_last or not page.changed

            through = began if is_last else None

            async def note(services: Services, page: Page = page, through: datetime | None = through) -> int:
                return await services.get(Looking).went_through(watch, page.changed, through)

            missed += await self._do(note)
            if is_last:
                return missed
            after = max(each.number for each in page.changed)

    async def _portal_id(self, key: str) -> int | None:
        if key not in self._portals:
            async with self._storage.unit_of_work() as uow:
                portal = await uow.portals.by_key(key)
            if portal is None:
                return None
            self._portals[key] = portal.id
        return self._portals[key]


async def _look_again(portal_id: int, some: Sequence[ObjectRef], services: Services) -> None:
    await services.get(Looking).look_again(portal_id, some)


async def _both(looking: Looking, portal_id: int) -> tuple[Watched, Mapping[Family, FamilyWatch]]:
    return await looking.watched(portal_id), await looking.watches(portal_id)


def _refused(trouble: NotSeen, key: str, family: Family, refused: set[Family]) -> None:
    """Note that a family cannot be read; what passes is the portal's, and is raised again."""
    if trouble.may_pass:
        raise trouble
    log.info("objects not seen", realm=key, family=family, code=trouble.code)
    refused.add(family)


def _later(tries: int) -> float:
    return min(2.0 ** (tries + 1), _LONGEST_PAUSE)

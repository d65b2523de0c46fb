"""Errands: noted with what causes them, told when they end, and tried again or left as an administrator says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.automation.errand import KEPT_OF_FORM, OWN_AFFAIRS, Errand, ErrandKind, ErrandState
from bot.domain.automation.own_writes import marks_of
from bot.domain.events import ErrandEnded
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job
from bot.services.approvals.courses import Courses
from bot.services.approvals.effects import Following
from bot.services.automation.hook_outcomes import Outcomes
from bot.services.unit_service import UnitService

LONG_AGO = timedelta(days=180)
"""What was decided before is offered no more: nobody waits for it."""
NOT_CERTAIN = "not_certain"
"""The reason of what may have been done, where the portal cannot tell."""
FAILED = "errands-failed"
"""The job that tells administrators what failed."""
ENDED = "errand-ended"
"""The job by which an end follows later that could not be worked out when it was stored."""
OFFER = "errands-offer"
"""The job that offers what had waited for the application."""
_ENDED = frozenset({ErrandState.DONE, ErrandState.FAILED, ErrandState.LEFT})


def _bare(errand: Errand) -> Mapping[str, Any]:
    """Return what is kept of a form: of one that will not be done again no words of people, only what it was about.

    What it wrote is known again by its marks, so that nothing follows from our own writing.
    """
    if errand.state not in {ErrandState.DONE, ErrandState.LEFT}:
        return errand.form
    kept = {name: value for name, value in errand.form.items() if name in KEPT_OF_FORM}
    wrote = marks_of(errand) if errand.state is ErrandState.DONE and "fields" in errand.form else {}
    return {**kept, "wrote": wrote} if wrote else kept


class Errands(UnitService):
    """What is done on portals: the one place where an errand's state changes."""

    async def stands(self, errand: Errand, *, rest: float = 0.0, is_told: bool = True) -> bool:
        """Note how a claimed errand stands now; False where somebody else has taken it over.

        Where its end is not told at once, a job of its own tells it.
        """
        stored = await self._uow.errands.get(errand.portal_id, errand.id)
        if stored is None or stored.version != errand.version:
            return False
        self._uow.errands.put(replace(errand, form=_bare(errand) if is_told else errand.form), rest=rest)
        if errand.state in _ENDED and is_told:
            self._uow.events.append(ErrandEnded(errand.portal_id, 0, errand))
        elif errand.state in _ENDED and errand.ended_at is not None:
            payload = {"errand": errand.id}
            self._uow.jobs.add(Job(new_id(), errand.portal_id, ENDED, "", errand.ended_at, payload))
        return True

    async def tell_end(self, portal_id: int, errand_id: int) -> None:
        """Have what follows from an end follow, where that was stored alone."""
        errand = await self._uow.errands.get(portal_id, errand_id)
        if errand is not None and errand.state in _ENDED:
            self._uow.errands.put(replace(errand, form=_bare(errand)))
            self._uow.events.append(ErrandEnded(portal_id, 0, errand))

    async def get(self, portal_id: int, errand_id: int) -> Errand | None:
        """Return the errand of that id."""
        return await self._uow.errands.get(portal_id, errand_id)

    async def failed(self, portal_id: int) -> Sequence[Errand]:
        """Return what failed, the newest first."""
        return await self._uow.errands.failed(portal_id)

    async def offered(self, portal_id: int) -> Sequence[Errand]:
        """Return what an administrator is asked about, the newest first."""
        return await self._uow.errands.offered(portal_id)

    async def waiting(self, portal_id: int) -> Sequence[Errand]:
        """Return what is still to be done, the newest first."""
        return await self._uow.errands.waiting(portal_id)

    def tell_later(self, portal_id: int, at: datetime, since: datetime) -> None:
        """Have administrators told of what fails from `since` on, unless that is to happen already."""
        payload = {"since": since.isoformat()}
        self._uow.jobs.keep(Job(new_id(), portal_id, FAILED, "", at, payload))

    async def say(
        self, actor: Employee, errands: Sequence[Errand], now: datetime, *, is_done: bool
    ) -> Sequence[Errand]:
        """Have errands done after all, or leave them, as an administrator says; return those that this changed."""
        check(actor, Right.RESEND)
        changed = []
        for each in errands:
            found = await (self.again(each.portal_id, each.id) if is_done else self.leave(each.portal_id, each.id, now))
            if found is not None:
                changed.append(found)
        if changed:
            what = "had errands done again" if is_done else "left errands undone"
            self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=None, what=what, at=now)
        return changed

    async def offer(self, portal_id: int, now: datetime) -> Sequence[Errand]:
        """Offer what follows from requests that ended before anything could be done on the portal."""
        portal = await self._uow.portals.get(portal_id)
        if portal is None:
            return ()
        courses, offered = Courses(self._uow), list[Errand]()
        for request in await self._uow.routed.between(portal_id, now - LONG_AGO, now):
            if request.is_open or all(each.is_done for each in request.effects):
                continue
            standing = await courses.standing(request, now)
            if not standing.errands:
                following = Following(portal, standing.template, standing.structure, request, now)
                offered += following.errands(ErrandState.OFFERED)
        for each in offered:
            self._uow.errands.add(each)
        return offered

    async def of_cause(self, portal_id: int, cause: str) -> Sequence[Errand]:
        """Return what came of a cause."""
        return await self._uow.errands.of_cause(portal_id, cause)

    async def again(self, portal_id: int, errand_id: int) -> Errand | None:
        """Have one that failed or is offered done after all; None where it is not to be done any more."""
        found = await self._to_decide(portal_id, errand_id)
        if found is None:
            return None
        waiting = replace(found, state=ErrandState.WAITING, tries=0, reason="", ended_at=None, due_at=None)
        if found.kind is ErrandKind.WEBHOOK:
            waiting = await Outcomes(self._uow).hand_over(waiting)
            waiting = replace(waiting, ended_at=found.ended_at if waiting.state is ErrandState.FAILED else None)
        if found.reason == NOT_CERTAIN:  # an administrator has looked, and says that it was not done
            waiting = replace(waiting, is_doubtful=False)
        self._uow.errands.put(waiting)
        return waiting

    async def _to_decide(self, portal_id: int, errand_id: int) -> Errand | None:
        """Return an errand that an administrator may decide about."""
        found = await self._uow.errands.get(portal_id, errand_id)
        if found is None or found.kind in OWN_AFFAIRS:
            return None
        return found if found.state in {ErrandState.FAILED, ErrandState.OFFERED} else None

    async def leave(self, portal_id: int, errand_id: int, now: datetime) -> Errand | None:
        """Leave one that failed or is offered as it is; None where there is nothing to leave."""
        found = await self._to_decide(portal_id, errand_id)
        if found is None:
            return None
        left = replace(found, state=ErrandState.LEFT, reason="left", ended_at=now)
        self._uow.errands.put(replace(left, form=_bare(left)))
        self._uow.events.append(ErrandEnded(portal_id, 0, left))
        return left

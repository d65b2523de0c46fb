"""Histories: who changed what in a person's hours, by request and otherwise, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.domain.workday.punch_log import BY_PROGRAM, CONFIRMED, Punch, live
from bot.services.people.people import People
from bot.services.unit_service import UnitService

BACK = timedelta(days=92)
SHOWN = 15


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what was asked for, or the end of a day for which somebody else vouched (case 26)."""

    at: datetime
    by: Employee | None
    request: ApprovalRequest | None = None
    decider: Employee | None = None
    vouched: Punch | None = None
    marked: Punch | None = None
    """A mark that a program recorded for the portal; its reason is the program's name."""


class Histories(UnitService):
    """Reads what was changed; changes nothing."""

    async def of(self, reader: Employee, person: Employee, now: datetime) -> Sequence[Change]:
        """Return the latest changes of a person's hours, without reasons for whoever may not read them."""
        people = People(self._uow)
        await people.check(reader, Right.SEE_REQUESTS, person)
        asked = await self._uow.requests.about(person, SHOWN)
        if not await people.may(reader, Right.READ_REASONS, person):
            asked = [_without_reasons(each) for each in asked]
        found = [await self._asked(each) for each in asked]
        log = await self._uow.punches.log(person, now - BACK)
        for each in live(log.punches):
            if each.mark == CONFIRMED and each.actor_id not in (None, person.id):
                by = await self._uow.employees.get(person.portal_id, each.actor_id or 0)
                found.append(Change(each.recorded_at, by, vouched=each))
            if each.source == BY_PROGRAM and each.actor_id != person.id:
                found.append(Change(each.recorded_at, None, marked=each))
        return sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]

    async def _asked(self, request: ApprovalRequest) -> Change:
        get = self._uow.employees.get
        ballot = request.ballot
        decider = await get(request.portal_id, ballot.by_id) if ballot else None
        return Change(request.created_at, await get(request.portal_id, request.requester_id), request, decider)


def _without_reasons(request: ApprovalRequest) -> ApprovalRequest:
    """Return the request as somebody reads it whom it does not concern why it was made, or rejected."""
    return replace(request, reason="", ballots=tuple(replace(each, reason="") for each in request.ballots))

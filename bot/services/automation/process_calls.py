"""Calls of our robot: stored when a business process reaches it, before the portal is told that they are."""

from dataclasses import replace
from datetime import datetime

from bot.domain.automation.process import ProcessCall
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import Job, NotProven
from bot.services.unit_service import UnitService

MOST_WAITING = 1_000
"""Calls of one portal that wait to be taken up: more at once is no work of people, and the memory is everybody's."""
TERM_IS_OVER = "process-term"
"""The job by which the term of a process passes, after which it goes on without us."""


class ProcessCalls(UnitService):
    """Takes calls; each waiting step of a process is one call, however often it comes."""

    async def take(self, portal: Portal, call: ProcessCall, now: datetime) -> bool:
        """Store a call of a portal; whether it was new. NotProven, for now, where too many of them wait already."""
        if await self._uow.process_calls.by_key(portal.id, call.key) is not None:
            return False
        if await self._uow.process_calls.waiting(portal.id) >= MOST_WAITING:
            raise NotProven("too_many_waiting", may_pass=True)
        call = replace(call, portal_id=portal.id)
        self._uow.process_calls.add(call)
        if call.until is not None:
            at = max(call.until, now)
            self._uow.jobs.keep(Job(new_id(), portal.id, TERM_IS_OVER, call.key, at, {"call_key": call.key}))
        return True

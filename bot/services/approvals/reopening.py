"""Opening closed days again: on record, and with an end for whoever else had asked for it."""

from datetime import datetime

from bot.domain.approvals.matter import ReopenMatter
from bot.domain.events import DaysReopened, RequestSettled
from bot.domain.periods.period import Closing
from bot.services.periods.news import PeriodNews
from bot.services.unit_service import UnitService


class Reopening(UnitService):
    """The one way in which a closing ceases to hold."""

    async def open(self, closing: Closing, by_id: int, reason: str, now: datetime, *, asked_in: int = 0) -> Closing:
        """Open the days of a closing again; other requests for the same than `asked_in` have what they asked for."""
        opened = closing.reopened(by_id, now, reason)
        self._uow.periods.put_closing(opened)
        asked = await self._uow.requests.get(closing.portal_id, asked_in) if asked_in else None
        knows = {asked.requester_id} if asked is not None else set()
        for each in await self._uow.requests.pending(closing.portal_id):
            is_same = isinstance(each.matter, ReopenMatter) and each.matter.closing_id == closing.id
            if is_same and each.id != asked_in:
                done = each.fulfilled(by_id, now)
                self._uow.requests.put(done)
                self._uow.events.append(RequestSettled(done.portal_id, done.subject_id, done, aside=True))
                knows.add(done.requester_id)
        self._uow.events.append(DaysReopened(opened.portal_id, by_id, opened.first, opened.last))
        PeriodNews(self._uow).spread(opened, now, knows)
        return opened

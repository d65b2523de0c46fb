"""Requests whose days come while nobody decides: who asked learns of it, and so does whoever is asked."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.days_come import moments
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.request import ApprovalRequest, Came
from bot.domain.events import RequestDaysCame
from bot.ids import new_id
from bot.ports import Job
from bot.services.approvals.structure import hours_of
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService

DAYS_COME = "request-days"
"""The job by which the days of a request come."""
_MOMENT = timedelta(seconds=1)


class DaysCome(UnitService):
    """Watches the days of requests that wait."""

    async def follow(self, request: ApprovalRequest, now: datetime) -> None:
        """Wake up when the days of a request come nearer next."""
        if (reckoning := await self._reckoning(request)) is not None:
            self._wake_up(request, next((at for _, at in moments(request, reckoning) if at > now), None))

    async def reached(self, request: ApprovalRequest, now: datetime) -> None:
        """Tell how near the days are while nobody has decided; of several moments that passed meanwhile the last."""
        if request.settles_at is not None:  # an answer that may still be taken back
            self._wake_up(request, max(request.settles_at, now) + _MOMENT)
            return
        reckoning = await self._reckoning(request)
        if not request.is_open or reckoning is None:
            return
        due = [came for came, at in moments(request, reckoning) if at <= now]
        if due and due[-1] is not request.days_came:
            after = request if due[-1] is Came.NEAR else request.with_days(due[-1], now)
            if after is not request:
                self._uow.requests.put(after)
            is_news = due[-1] is not Came.OVER or request.days_came is None
            self._uow.events.append(
                RequestDaysCame(request.portal_id, request.subject_id, after, came=due[-1], is_news=is_news)
            )
        await self.follow(request, now)

    def _wake_up(self, request: ApprovalRequest, at: datetime | None) -> None:
        if at is not None:
            payload = {"request_id": request.id}
            self._uow.jobs.add(Job(new_id(), request.portal_id, DAYS_COME, str(request.id), at, payload))

    async def _reckoning(self, request: ApprovalRequest) -> Reckoning | None:
        """Return the clock by which its days come; None where they do not lie ahead, and nothing is read for that."""
        subject = await self._uow.employees.get(request.portal_id, request.subject_id)
        if subject is None or max(request.matter.days, default=date.min) <= subject.today(request.created_at):
            return None
        portal = await self._uow.portals.get(request.portal_id)
        if portal is None:
            return None
        return Reckoning(ZoneInfo(subject.zone), hours_of(await Calendars(self._uow).of(portal)))

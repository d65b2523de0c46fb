"""Requests looked up by whom they concern: for the approval sheet and the history."""

from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach, Right, reach
from bot.services.unit_service import UnitService


class Records(UnitService):
    """Reads the records of requests on routes."""

    async def numbered(self, reader: Employee, number: int) -> RoutedRequest:
        """Return the request of a number; UnknownRequest where there is none that the reader may see."""
        return _seen(reader, await self._uow.routed.by_number(reader.portal_id, number))

    async def by_id(self, reader: Employee, request_id: int) -> RoutedRequest:
        """Return the request of an id; UnknownRequest where there is none that the reader may see."""
        return _seen(reader, await self._uow.routed.get(reader.portal_id, request_id))


def may_read(reader: Employee, request: RoutedRequest) -> bool:
    """Whether somebody may read a record with its reasons: whom it concerns, and administrators."""
    return request.concerns(reader.id) or reach(reader, Right.READ_REASONS) is Reach.ALL


def _seen(reader: Employee, request: RoutedRequest | None) -> RoutedRequest:
    if request is None or not may_read(reader, request):
        raise UnknownRequest
    return request

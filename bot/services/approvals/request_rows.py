"""Rows of a list of requests with the people and the templates that they name, read once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.approvals.listed import ListedRequest, Wanted
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.told import titled
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, reach
from bot.services.approvals.requests import Requests
from bot.services.approvals.templates import Templates
from bot.services.unit_service import UnitService

PAGE = 50


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request of a list, and whom it names."""

    listed: ListedRequest
    template: ApprovalTemplate | None
    """Of a request on a route."""
    people: Mapping[int, Employee]

    @property
    def subject(self) -> Employee | None:
        """Whom it is about."""
        return self.people.get(self.listed.subject_id)

    @property
    def requester(self) -> Employee | None:
        """Who asked, where that is another person."""
        is_other = self.listed.requester_id != self.listed.subject_id
        return self.people.get(self.listed.requester_id) if is_other else None

    @property
    def holders(self) -> list[Employee]:
        """Who may answer now."""
        return [self.people[each] for each in self.listed.holders if each in self.people]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of them; `after` names the place from which the next one goes on, 0 where this is the last."""

    rows: Sequence[RequestRow]
    after: int = 0


class RequestRows(UnitService):
    """Lists requests for people to read."""

    async def page(
        self, portal: Portal, reader: Employee, wanted: Wanted, before: int | None = None, size: int = PAGE
    ) -> RowPage:
        """Return a page of requests, newest first."""
        found = await Requests(self._uow).page(reader, wanted, before, size + 1)
        shown = found[:size]
        people = {each.id: each for each in await self._uow.employees.of_portal(portal.id)} if shown else {}
        templates = await self._templates(portal, shown)
        rows = [RequestRow(each, templates.get((each.template, each.template_version)), people) for each in shown]
        return RowPage(rows, shown[-1].id if len(found) > size else 0)

    async def templates(self, portal: Portal, reader: Employee) -> list[tuple[str, str]]:
        """Return the templates by which requests run that a reader may see: the key of each, and its title for them."""
        keys = await self._uow.request_lists.templates(reader, reach(reader, Right.READ_REASONS))
        titles = await Templates(self._uow).titles(portal, keys)
        return [(key, titled(titles.get(key, {}), key, reader.locale)) for key in keys]

    async def _templates(
        self, portal: Portal, rows: Sequence[ListedRequest]
    ) -> Mapping[tuple[str, int], ApprovalTemplate]:
        named = {(each.template, each.template_version) for each in rows if each.is_routed}
        found = {each: await Templates(self._uow).version(portal, *each) for each in sorted(named)}
        return {key: each for key, each in found.items() if each is not None}

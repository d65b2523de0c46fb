"""Requests on routes follow the object of the portal that they are about: its fields, its end, a decision there."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.change import ObjectChange
from bot.domain.automation.deeds import AskApproval
from bot.domain.automation.fields_moved import Source, fate, moved, of_form
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.events import ObjectUnseen
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ports import UnitOfWork
from bot.services.approvals.courses import Courses
from bot.services.automation.rules import rule_of
from bot.services.unit_service import UnitService

UNSEEN: Final = "object unseen"
"""What stands in the record of a request whose object the portal shows to nobody of ours."""


class AskedAbout(UnitService):
    """What open requests on routes are about, and what becomes of them when that changes."""

    def __init__(self, uow: UnitOfWork, courses: Courses) -> None:
        """Carry requests on by `courses`."""
        super().__init__(uow)
        self._courses = courses

    async def objects(self, portal_id: int) -> frozenset[ObjectRef]:
        """Return the objects that open requests are about."""
        return await self._uow.routed.objects(portal_id)

    async def of(self, portal_id: int, refs: Sequence[ObjectRef]) -> frozenset[ObjectRef]:
        """Return which of some objects open requests are about."""
        return await self._uow.routed.asked_about(portal_id, refs)

    async def happened(self, portal: Portal, change: ObjectChange, now: datetime) -> None:
        """Carry on the open requests about an object that has changed; what they say of it is said anew (E18)."""
        for request in await self._uow.routed.open_of_object(portal.id, change.ref):
            match fate(change):
                case "gone":
                    await self._courses.ended_outside(request, "gone", now)
                case "approved" | "rejected" as verdict:
                    await self._courses.ended_outside(request, "decided", now, approved=verdict == "approved")
                case None:
                    await self._follow(portal, request, change, now)

    async def unseen(self, portal_id: int, refs: Sequence[ObjectRef], now: datetime) -> None:
        """Tell, once for each request, that the portal lets nobody look at what it is about."""
        for ref in refs:
            for request in await self._uow.routed.open_of_object(portal_id, ref):
                if all(each.what != UNSEEN for each in request.record):
                    told = await self._courses.told(request, UNSEEN, "", now)
                    self._uow.events.append(ObjectUnseen(portal_id, 0, told, ref))

    async def _follow(self, portal: Portal, request: RoutedRequest, change: ObjectChange, now: datetime) -> None:
        standing = await self._courses.standing(request, now)
        sources = [of_form(standing.template.form), *await self._filled_by_rules(request, change)]
        fields = moved(request.running.subject, sources, change)
        if fields:
            await self._courses.object_changed(request, fields, await self._person(portal, change.by), now)

    async def _filled_by_rules(self, request: RoutedRequest, change: ObjectChange) -> Sequence[Source]:
        """Return what rules of the portal fill the forms of that template with."""
        found: list[Source] = []
        for version in await self._uow.rules.of_portal(request.portal_id):
            with suppress(ValueError):
                rule = rule_of(version)
                if (rule.object.kind, rule.object.type_id) == (change.ref.kind, change.ref.type_id):
                    found += [
                        each.fields
                        for each in rule.do
                        if isinstance(each, AskApproval) and each.template == request.template
                    ]
        return found

    async def _person(self, portal: Portal, account: str) -> Employee | None:
        """Return who did it, if that is somebody who works here."""
        everybody = [each for each in await self._uow.employees.of_portal(portal.id) if not each.is_disabled]
        wanted = (portal.key, account)
        return next(
            (each for each in everybody if any((one.realm, one.account) == wanted for one in each.identities)), None
        )

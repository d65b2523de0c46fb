"""Requests of both kinds as one: who may see which, a list of them, and what somebody does with one by its id."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.approvals.event import Do
from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.listed import ListedRequest, Wanted, Whose
from bot.domain.approvals.refusals import ReasonWanted, UnknownRequest
from bot.domain.approvals.request import AlreadyDecided, ApprovalRequest, ChangedMeanwhile, as_reason
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import LeadsOnly, NotAllowed
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach, Right, check, reach
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses, Done, Standing
from bot.services.people.people import People
from bot.services.unit_service import UnitService

Shown = ApprovalRequest | Standing
"""A request that is built in, or one on a route with where it stands."""
_LONGEST_NUMBER = 9
CHANGED = "changed_meanwhile"
"""Why nothing was done with a request on a route that is not what its reader saw."""
_VERDICTS: dict[Verdict, Do] = {Verdict.APPROVED: "approve", Verdict.REJECTED: "reject"}


class Requests(UnitService):
    """Finds and lists requests for a reader, and hands on what they do with one."""

    async def shown_to(self, reader: Employee, request_id: int, now: datetime) -> Shown:
        """Return the request of an id as a reader may see it; UnknownRequest where there is none for them."""
        found = await self._found(reader, request_id, now)
        if isinstance(found, Standing):
            return found
        return await self._as_read(reader, found)

    async def meant(self, reader: Employee, said: str, now: datetime) -> Shown | Employee:
        """Return the request of a number, or the person of a name: what somebody looks for among requests.

        UnknownRequest and UnknownPerson where there is none for them, AmbiguousPerson where several fit.
        """
        number = said.strip().lstrip("№#").strip()
        if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            routed = await self._uow.routed.by_number(reader.portal_id, int(number))
            if routed is None:
                raise UnknownRequest
            return await self.shown_to(reader, routed.id, now)
        portal = await self._uow.portals.get(reader.portal_id)
        if portal is None:
            raise UnknownRequest
        return await People(self._uow).find(portal, said)

    async def page(self, reader: Employee, wanted: Wanted, before: int | None, size: int) -> Sequence[ListedRequest]:
        """Return a page of requests, newest first, behind the one of that id: by one statement.

        Reasons are left out where the reader may not read them.
        """
        sees = reach(reader, Right.SEE_REQUESTS)
        if wanted.whose is Whose.TEAM and sees < Reach.BELOW:
            raise LeadsOnly
        reads_all = reach(reader, Right.READ_REASONS) is Reach.ALL
        found = await self._uow.request_lists.page(reader, wanted, sees, before, size, with_routed=reads_all)
        if reads_all or not any(each.reason for each in found):
            return found
        everybody = await People(self._uow).within(reader, Right.READ_REASONS)
        theirs = {each.id for each in everybody}
        return [
            each
            if each.subject_id in theirs or reader.id in (each.requester_id, *each.holders)
            else replace(each, reason="")
            for each in found
        ]

    async def decide(
        self,
        reader: Employee,
        request_id: int,
        verdict: Verdict,
        reason: str,
        now: datetime,
        seen: int | None,
        at: str = "",
    ) -> Shown | Done:
        """Answer in the reader's seat, on the version that they saw."""
        found = await self._found(reader, request_id, now)
        if isinstance(found, Standing):
            return await self._done(found, _VERDICTS[verdict], reader, now, seen, reason=as_reason(reason), at=at)
        async with self._refusing(reader):
            return await Approvals(self._uow).decide(found, reader, verdict, now, reason, seen=seen)

    async def undo(
        self, reader: Employee, request_id: int, now: datetime, seen: int | None, at: str = ""
    ) -> Shown | Done:
        """Take the reader's answer back."""
        found = await self._found(reader, request_id, now)
        if isinstance(found, Standing):
            return await self._done(found, "undo", reader, now, seen, at=at)
        async with self._refusing(reader):
            _check_seen(found, seen)
            return await Approvals(self._uow).undo(found, reader, now)

    async def withdraw(
        self, reader: Employee, request_id: int, now: datetime, seen: int | None, at: str = ""
    ) -> Shown | Done:
        """Take a request of the reader's back."""
        found = await self._found(reader, request_id, now)
        if isinstance(found, Standing):
            return await self._done(found, "withdraw", reader, now, seen, at=at)
        async with self._refusing(reader):
            _check_seen(found, seen)
            return await Approvals(self._uow).withdraw(found, reader, now)

    async def delegate(
        self, reader: Employee, request_id: int, to: Employee, now: datetime, seen: int | None, at: str = ""
    ) -> Shown | Done:
        """Let somebody else answer in the reader's seat."""
        found = await self._found(reader, request_id, now)
        if isinstance(found, Standing):
            return await self._done(found, "delegate", reader, now, seen, to=to, at=at)
        async with self._refusing(reader):
            return await Approvals(self._uow).delegate(found, reader, to, now, seen=seen)

    async def says(
        self, reader: Employee, request_id: int, do: Do, words: str, now: datetime, seen: int | None, at: str = ""
    ) -> Done:
        """Comment, ask, send back or send again, which a request on a route alone knows."""
        found = await self._found(reader, request_id, now)
        if not isinstance(found, Standing):
            raise NotAllowed
        words = as_reason(words)
        if do in {"comment", "ask"} and not words:
            raise ReasonWanted
        return await self._done(found, do, reader, now, seen, reason=words, at=at)

    async def replace_holder(
        self,
        reader: Employee,
        request_id: int,
        holder: Employee,
        to: Employee,
        now: datetime,
        seen: int | None,
        reason: str = "",
        at: str = "",
    ) -> Done:
        """Have somebody else asked instead of a holder, as an administrator says, on record with the reason."""
        check(reader, Right.REPLACE_HOLDER)
        found = await self._found(reader, request_id, now)
        if not isinstance(found, Standing):
            raise NotAllowed
        return await self._done(
            found, "replace", reader, now, seen, to=to, holder=holder, reason=as_reason(reason), at=at
        )

    async def resubmit(
        self,
        reader: Employee,
        request_id: int,
        fields: Mapping[str, Any],
        files: Sequence[RequestFile],
        now: datetime,
        seen: int | None,
        at: str = "",
    ) -> Done:
        """Send again what was sent back, with other fields and files."""
        found = await self._found(reader, request_id, now)
        if not isinstance(found, Standing):
            raise NotAllowed
        return await self._done(found, "resubmit", reader, now, seen, fields=fields, files=files, at=at)

    async def sent_as(self, reader: Employee, request_id: int) -> bool:
        """Whether the reader has sent the form of that id already; UnknownRequest where it is another person's."""
        built_in = await self._uow.requests.get(reader.portal_id, request_id)
        if built_in is not None:
            asker = built_in.requester_id
        elif (routed := await self._uow.routed.get(reader.portal_id, request_id)) is not None:
            asker = routed.initiator_id
        else:
            return False
        if asker != reader.id:
            raise UnknownRequest
        return True

    async def _done(
        self,
        found: Standing,
        do: Do,
        reader: Employee,
        now: datetime,
        seen: int | None,
        *,
        reason: str = "",
        to: Employee | None = None,
        holder: Employee | None = None,
        fields: Mapping[str, Any] | None = None,
        files: Sequence[RequestFile] | None = None,
        at: str = "",
    ) -> Done:
        """Let somebody do something with a request on a route, as they saw it.

        Of what is over the course itself says so, which is more than that it changed.
        """
        courses, request = Courses(self._uow), found.request
        if seen is not None and seen != request.version and request.is_open:
            return Done(found, CHANGED)
        mark = request.seat_of(reader.id)
        return await courses.do(
            request, do, reader, now, mark=mark, reason=reason, to=to, holder=holder, fields=fields, files=files, at=at
        )

    async def _found(self, reader: Employee, request_id: int, now: datetime) -> Shown:
        request = await self._uow.requests.get(reader.portal_id, request_id)
        if request is not None:
            if not await self._sees(reader, request):
                raise UnknownRequest
            return request
        routed = await self._uow.routed.get(reader.portal_id, request_id)
        if routed is None or not await self._sees_routed(reader, routed):
            raise UnknownRequest
        return await Courses(self._uow).standing(routed, now)

    async def _sees(self, reader: Employee, request: ApprovalRequest) -> bool:
        return _takes_part(reader, request) or await self._may(reader, Right.SEE_REQUESTS, request.subject_id)

    async def _sees_routed(self, reader: Employee, request: RoutedRequest) -> bool:
        if request.concerns(reader.id):
            return True
        may = reach(reader, Right.READ_REASONS)  # what a form holds is no matter of who only counts hours
        return may is Reach.ALL or (
            may is Reach.BELOW and await self._may(reader, Right.SEE_REQUESTS, request.initiator_id)
        )

    @asynccontextmanager
    async def _refusing(self, reader: Employee) -> AsyncIterator[None]:
        """Let a refusal that shows the request show no more of it than its reader may see."""
        try:
            yield
        except (AlreadyDecided, ChangedMeanwhile) as refusal:
            refusal.request = await self._as_read(reader, refusal.request)
            raise

    async def _as_read(self, reader: Employee, request: ApprovalRequest) -> ApprovalRequest:
        return request if await self._reads_reasons(reader, request) else without_reasons(request)

    async def _reads_reasons(self, reader: Employee, request: ApprovalRequest) -> bool:
        return _takes_part(reader, request) or await self._may(reader, Right.READ_REASONS, request.subject_id)

    async def _may(self, reader: Employee, right: Right, subject_id: int) -> bool:
        if reach(reader, right) is Reach.ALL:
            return True
        subject = await self._uow.employees.get(reader.portal_id, subject_id)
        return subject is not None and await People(self._uow).may(reader, right, subject)


def _check_seen(request: ApprovalRequest, seen: int | None) -> None:
    """Refuse who saw another version; of what is over it is said that it is."""
    if seen is not None and seen != request.version:
        raise ChangedMeanwhile(request) if request.settled_at is None else AlreadyDecided(request)


def _takes_part(reader: Employee, request: ApprovalRequest) -> bool:
    voters = (each.by_id for each in request.ballots)
    return reader.id in (request.requester_id, request.subject_id, *request.holders, *voters)


def without_reasons(request: ApprovalRequest) -> ApprovalRequest:
    """Return a request as somebody reads it whom it does not concern why it was made, or rejected."""
    return replace(request, reason="", ballots=tuple(replace(each, reason="") for each in request.ballots))

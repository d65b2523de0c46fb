"""Files that people send for their requests: kept while a form is filled in, and given to whoever is asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.approvals.files import (
    LARGEST,
    FileGone,
    FileNotKept,
    RequestFile,
    assigned,
    check,
    hash_of,
    lapsing,
    name_of,
)
from bot.domain.approvals.route import FormField
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.options import FILES_ROOM
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.services.messengers import SentFileTooLarge
from bot.services.unit_service import UnitService

_MEGABYTE = 1 << 20


class Attachments(UnitService):
    """The files of requests on routes."""

    async def keep(
        self, portal: Portal, owner: Employee, name: str, content: bytes, now: datetime, *, field: str, present: int
    ) -> RequestFile:
        """Note a file beside `present` others of the same form; a Refusal where it cannot be taken.

        What waits of one person has a share of the portal's room; what has waited for long makes room for it.
        Two who send at the same moment may go beyond the portal's room together, by a file.
        """
        room = FILES_ROOM.of(portal) * _MEGABYTE
        check(content, present, await self._uow.files.taken(portal.id), room)
        for each in lapsing(await self._uow.files.drafts(portal.id, owner.id), len(content), room, now):
            self._uow.files.drop(each)
        file = RequestFile(new_id(), portal.id, owner.id, field, name, len(content), hash_of(content), now)
        self._uow.files.add(file, content)
        return file

    async def upload(self, portal: Portal, owner: Employee, name: str, content: bytes, now: datetime) -> RequestFile:
        """Note a file that came through a page or a program, before there is a request; a Refusal where it cannot be.

        It waits for a day to be sent with a request (`chosen`), and for nobody but its owner.
        """
        if len(content) > LARGEST:
            raise SentFileTooLarge(LARGEST)
        return await self.keep(portal, owner, name_of(name), content, now, field="", present=0)

    async def chosen(
        self,
        portal: Portal,
        owner: Employee,
        form: Sequence[FormField],
        wanted: Mapping[int, str],
        known: Sequence[RequestFile] = (),
    ) -> list[RequestFile]:
        """Return uploaded files, and those `known` of the request that is changed, each in the field wanted for it.

        "" is beside all fields. What is handed to `Courses.start` and `do` is what this returns; FileGone where one is
        not there or another person's, FieldWithoutFile and TooManyFiles where they do not fit the form.
        """
        return assigned(form, await self.of(portal, owner, list(wanted), known), wanted)

    async def still_there(
        self, portal: Portal, owner: Employee, ids: Sequence[int], known: Sequence[RequestFile] = ()
    ) -> list[RequestFile]:
        """Return those of the files of a form that are kept."""
        drafts = await self._uow.files.drafts(portal.id, owner.id) if ids else ()
        found = {each.id: each for each in (*known, *drafts)}
        return [found[each] for each in ids if each in found]

    async def of(
        self, portal: Portal, owner: Employee, ids: Sequence[int], known: Sequence[RequestFile] = ()
    ) -> list[RequestFile]:
        """Return the files of a form, some `known` from the request that is changed; FileGone where one is not kept."""
        if not ids:
            return []
        drafts = await self._uow.files.drafts(portal.id, owner.id)
        found = {each.id: each for each in (*known, *drafts)}
        if any(each not in found for each in ids):
            raise FileGone
        return [found[each] for each in ids]

    async def content(self, request: RoutedRequest, file: RequestFile) -> bytes:
        """Return the bytes of a request's file; FileNotKept once the portal's term for them has passed."""
        found = await self._uow.files.content(request.portal_id, file.sha256)
        if found is None:
            raise FileNotKept(file.name)
        return found

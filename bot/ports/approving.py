"""What approvals go by: templates, groups of people, the requests on routes and their files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.approvals.drafts import TemplateDraft, TemplateExample
from bot.domain.approvals.files import RequestFile
from bot.domain.approvals.listed import ListedRequest, Wanted
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.template import TemplateVersion
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.people.employee import Employee
from bot.domain.people.group import Group
from bot.domain.rights import Reach


class Templates(Protocol):
    """Templates with all their versions."""

    async def of_portal(self, portal_id: int) -> Sequence[TemplateVersion]:
        """Return every version of every template of a portal, by key and version."""
        ...

    async def versions(self, portal_id: int, key: str) -> Sequence[TemplateVersion]:
        """Return the versions of one template, oldest first."""
        ...

    def add(self, version: TemplateVersion) -> None:
        """Note a new version; one of that number that is there already is a Conflict."""
        ...

    def put_state(self, before: TemplateVersion, after: TemplateVersion) -> None:
        """Note that a version was switched on or off; a Conflict when its state is no longer what was read."""
        ...


class TemplateDrafts(Protocol):
    """Templates that are being written, and the examples by which they are tried."""

    async def of_portal(self, portal_id: int) -> Mapping[str, TemplateDraft]:
        """Return the drafts of a portal, by key; those that were published or thrown away are empty."""
        ...

    async def get(self, portal_id: int, key: str) -> TemplateDraft | None:
        """Return the draft of a template; an empty one was published or thrown away."""
        ...

    def put(self, before: TemplateDraft | None, after: TemplateDraft) -> None:
        """Note how a draft is now; a Conflict when the stored one is not the one that was read."""
        ...

    async def examples(self, portal_id: int, key: str) -> Sequence[TemplateExample]:
        """Return the examples of a template, oldest first."""
        ...

    def add_example(self, example: TemplateExample) -> None:
        """Note a new example."""
        ...

    def put_example(self, example: TemplateExample) -> None:
        """Note what came of an example now."""
        ...

    def drop_example(self, example: TemplateExample) -> None:
        """Note that an example is not kept any longer."""
        ...


class Groups(Protocol):
    """Groups of people."""

    async def of_portal(self, portal_id: int) -> Sequence[Group]:
        """Return the groups of a portal, by name."""
        ...

    def put(self, group: Group) -> None:
        """Note a new group, or how the one of that name is now."""
        ...

    def remove(self, group: Group) -> None:
        """Note that a group goes."""
        ...


class Files(Protocol):
    """Files that people send for their requests; those of a request are read with it."""

    async def drafts(self, portal_id: int, owner_id: int) -> Sequence[RequestFile]:
        """Return what somebody sent for requests that they have not sent yet, in the order in which it came."""
        ...

    async def taken(self, portal_id: int) -> int:
        """Return how many bytes the files of a portal take."""
        ...

    async def content(self, portal_id: int, sha256: str) -> bytes | None:
        """Return the bytes of that hash."""
        ...

    def add(self, file: RequestFile, content: bytes) -> None:
        """Note a file of a form, and its bytes where they are not kept yet."""
        ...

    def drop(self, file: RequestFile) -> None:
        """Note that a file of a form goes; one that was sent with its request meanwhile stays."""
        ...


class RequestLists(Protocol):
    """Lists of requests of both kinds, a page at a time."""

    async def page(
        self, reader: Employee, wanted: Wanted, reach: Reach, before: int | None, size: int, *, with_routed: bool
    ) -> Sequence[ListedRequest]:
        """Return a page of what a reader may see, newest first, behind the request of that id.

        `reach` tells about whom the reader sees requests, `with_routed` whether those on routes of everybody as well.
        """
        ...

    async def templates(self, reader: Employee, reach: Reach) -> Sequence[str]:
        """Return the keys of templates that a reader may look for requests by; `reach` BELOW is a lead's."""
        ...


class RoutedRequests(Protocol):
    """Requests on routes."""

    async def get(self, portal_id: int, request_id: int) -> RoutedRequest | None:
        """Return the request of that id."""
        ...

    async def by_number(self, portal_id: int, number: int) -> RoutedRequest | None:
        """Return the request that people call by that number."""
        ...

    async def by_seat(self, portal_id: int, seat_id: int) -> RoutedRequest | None:
        """Return the request that a seat belongs to."""
        ...

    async def open_about(self, portal_id: int, subject_key: str, template: str, revision: str) -> RoutedRequest | None:
        """Return the open request about a subject as it was."""
        ...

    async def open_of(self, portal_id: int, subject_key: str) -> Sequence[RoutedRequest]:
        """Return the open requests about a subject, oldest first."""
        ...

    async def open_of_object(self, portal_id: int, about: ObjectRef) -> Sequence[RoutedRequest]:
        """Return the open requests about an object of the portal, oldest first."""
        ...

    async def objects(self, portal_id: int) -> frozenset[ObjectRef]:
        """Return the objects of the portal that open requests are about."""
        ...

    async def asked_about(self, portal_id: int, refs: Sequence[ObjectRef]) -> frozenset[ObjectRef]:
        """Return which of some objects open requests are about."""
        ...

    async def waiting_for(self, employee: Employee) -> Sequence[RoutedRequest]:
        """Return the requests in which a person may answer now, oldest first."""
        ...

    async def by_initiator(self, employee: Employee, limit: int) -> Sequence[RoutedRequest]:
        """Return a person's latest requests, newest first."""
        ...

    async def of_portal(self, portal_id: int, limit: int) -> Sequence[RoutedRequest]:
        """Return the latest requests of a portal, newest first."""
        ...

    async def between(self, portal_id: int, since: datetime, until: datetime) -> Sequence[RoutedRequest]:
        """Return the requests that ran at any time between two instants, and all that run still, oldest first."""
        ...

    async def running(self, portal_id: int) -> Mapping[tuple[str, int], int]:
        """Return how many requests run, by template and version."""
        ...

    async def last_number(self, portal_id: int) -> int:
        """Return the greatest number that a request of the portal has, 0 where there is none."""
        ...

    def add(self, request: RoutedRequest) -> None:
        """Note a new request; a Conflict when its number was taken, or the same is open, meanwhile."""
        ...

    def put(self, request: RoutedRequest) -> None:
        """Note a change: `request.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        ...

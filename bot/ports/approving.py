"""What approvals go by: templates, and groups of people."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.approvals.template import TemplateVersion
from bot.domain.people.group import Group


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

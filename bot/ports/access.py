"""Ways into the web application."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.people.session import Entrance, SignIn, WebSession


class WebSessions(Protocol):
    """Sessions, by the hashes of their tokens, and the one-time links that begin them."""

    async def get(self, token_hash: str) -> WebSession | None:
        """Return the session of that hash, whatever became of it."""
        ...

    async def by_id(self, portal_id: int, session_id: int) -> WebSession | None:
        """Return the session of that id, whatever became of it."""
        ...

    async def of(self, portal_id: int, employee_id: int) -> Sequence[WebSession]:
        """Return a person's sessions that were not ended, newest first."""
        ...

    async def sign_in(self, either_hash: str) -> SignIn | None:
        """Return what is opened by a link's or a code's hash, used ones excluded."""
        ...

    def add(self, session: WebSession) -> None:
        """Note a new session."""
        ...

    def seen(self, session: WebSession, at: datetime) -> None:
        """Note that it is used."""
        ...

    def end(self, session: WebSession, at: datetime) -> None:
        """Note that it is over."""
        ...

    def end_all(self, portal_id: int, employee_id: int, at: datetime) -> None:
        """Note that all sessions of a person are over, and that their links open nothing."""
        ...

    def end_of_portal(self, portal_id: int, at: datetime) -> None:
        """Note that all sessions of a portal are over, and that its links open nothing."""
        ...

    def offer(self, sign_in: SignIn) -> None:
        """Note a one-time way in; earlier ones of the person stop working."""
        ...

    def use(self, sign_in: SignIn, at: datetime) -> None:
        """Note that it was used; a Conflict when somebody was faster."""
        ...

    async def entrance(self, mark_hash: str) -> Entrance | None:
        """Return what is known of that hash, whether it was used or not."""
        ...

    def keep_entrance(self, entrance: Entrance) -> None:
        """Note what opens a session once; a Conflict when it is known already."""
        ...

    def use_entrance(self, entrance: Entrance, at: datetime) -> None:
        """Note that it was used; a Conflict when somebody was faster."""
        ...

    def burn_entrances(self, session: WebSession, at: datetime) -> None:
        """Note that nothing opens that session any more."""
        ...

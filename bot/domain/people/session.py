"""Sessions of the web application, and the one-time links that begin them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.people.employee import Employee


class Via(StrEnum):
    """By which door somebody came in."""

    LINK = "link"
    """A one-time link or code from the bot."""
    FRAME = "frame"
    """The portal's own page around ours."""
    FRAME_HEADER = "frame-header"
    """The same where the browser keeps no cookies: the page itself holds the session."""
    OAUTH = "oauth"
    """The portal's authorisation server."""
    MINI_APP = "mini-app"
    """A messenger's own frame around ours."""


SHORT = timedelta(hours=12)
LONG = timedelta(days=30)
IDLE = timedelta(days=7)
"""After so long without being used, a long session is over."""
LIVES = {
    Via.LINK: LONG,
    Via.OAUTH: LONG,
    Via.FRAME: SHORT,
    Via.FRAME_HEADER: SHORT,
    Via.MINI_APP: SHORT,
}


@dataclass(frozen=True, slots=True)
class WebSession:
    """One sign-in on one device. Only the hash of its token is kept."""

    id: int
    token_hash: str
    portal_id: int
    employee_id: int
    via: Via
    channel: str
    """The account by which the person came, this and the next two; the session ends when it is theirs no more."""
    realm: str
    account: str
    device: str
    """What the browser calls itself, in a few words; no address."""
    created_at: datetime
    seen_at: datetime
    """Noted once an hour at most."""
    expires_at: datetime
    ended_at: datetime | None = None

    @property
    def came_by(self) -> tuple[str, str, str]:
        """The account by which the person came: channel, realm, account."""
        return self.channel, self.realm, self.account

    @property
    def is_framed(self) -> bool:
        """Whether the portal's page is around ours."""
        return self.via in (Via.FRAME, Via.FRAME_HEADER)

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        if self.ended_at is not None or now >= self.expires_at:
            return True
        return LIVES[self.via] > IDLE and now - self.seen_at >= IDLE

    def belongs_to(self, person: Employee) -> bool:
        """Whether the account by which they came is still the person's."""
        return person.owning(self.channel, self.realm, self.account) is not None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A one-time way in: a link, or the code beside it. Only hashes are kept."""

    token_hash: str
    code_hash: str
    portal_id: int
    employee_id: int
    channel: str
    """The account to which it was told."""
    realm: str
    account: str
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entrance:
    """What opens a session once: the code of a frame, or the words that a messenger signed. Only a hash is kept."""

    mark_hash: str
    portal_id: int
    session_id: int
    expires_at: datetime
    used_at: datetime | None = None

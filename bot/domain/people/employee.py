"""The employee: a person whose time is recorded, with roles and one identity a channel."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MAX_NAME = 120
BESIDE = "@"
"""How the realm of an account begins in each company but its first, where the messenger has one realm for all."""


def realm_beside(portal_id: int) -> str:
    """Return the realm in which an account is spoken with in a further company: chats of companies stay apart."""
    return f"{BESIDE}{portal_id}"


class Role(StrEnum):
    """What a person may do beyond their own day; `bot.domain.rights` is the table."""

    EMPLOYEE = "employee"
    LEAD = "lead"
    ACCOUNTANT = "accountant"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Identity:
    """The employee's account on one channel; `conversation` is the private chat with the bot."""

    channel: str
    realm: str
    account: str
    conversation: str
    is_reachable: bool = True
    """False once the messenger said that the person blocked the bot; true again at their next message."""
    chosen_id: int | None = None
    """Of an account of several companies, where its free words act: a portal; told beside the first company alone."""
    spoken_at: datetime | None = None
    """Of such an account, when it last said something to any of them."""

    @property
    def is_shared(self) -> bool:
        """Whether the account belongs to other companies as well, so that each message has to say of which it is."""
        return self.chosen_id is not None or self.realm.startswith(BESIDE)


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of a portal. `version` grows with each change of the person, so that two writers cannot both win."""

    id: int
    portal_id: int
    name: str
    role: Role = Role.EMPLOYEE
    zone: str = "Europe/Moscow"
    locale: str = "ru"
    locale_is_chosen: bool = False
    zone_is_chosen: bool = False
    role_is_chosen: bool = False
    """An admin set the role by hand; the portal's structure no longer changes it."""
    lead_id: int | None = None
    is_disabled: bool = False
    muted_until: date | None = None
    """No reminders before that day; `date.max` means never again."""
    wants_weekly: bool = True
    """Whether the summary of the week is sent on Monday."""
    wants_digest: bool = True
    """Whether the digest of the team is sent in the morning."""
    wants_letters: bool = True
    """Whether single letters are keys on pages; whoever speaks to their device, or types by chance, has them off."""
    prefers: str = ""
    """The channel where the person wants to be told what comes by itself; none: where it is read soonest."""
    paper_name: str = ""
    """«Ким А. С.», as a person stands on papers; "" where the portal does not tell the parts of the name."""
    version: int = 0
    identities: tuple[Identity, ...] = field(default=())

    @property
    def is_admin(self) -> bool:
        """Whether the person steers the portal."""
        return self.role is Role.ADMIN

    def today(self, now: datetime) -> date:
        """Return the day that it is for the person, by the clock of their own zone."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def identity(self, channel: str) -> Identity | None:
        """The person's account on that channel."""
        return next((each for each in self.identities if each.channel == channel), None)

    def owning(self, channel: str, realm: str, account: str) -> Identity | None:
        """The identity of exactly that account."""
        its = (channel, realm, account)
        return next((each for each in self.identities if (each.channel, each.realm, each.account) == its), None)

    @property
    def accounts(self) -> tuple[tuple[str, str], ...]:
        """(channel, account) pairs, for mentions."""
        return tuple((each.channel, each.account) for each in self.identities)


def paper_name(last: str, first: str, second: str = "") -> str:
    """Return «Ким А. С.» of a family name, a first name and a patronymic; "" without a family name."""
    initials = [f"{each[0].upper()}." for each in (clean_name(first), clean_name(second)) if each]
    return " ".join([clean_name(last), *initials]) if clean_name(last) else ""


def clean_name(name: str) -> str:
    """Return a foreign name without line breaks and control characters, and not longer than a name is."""
    return " ".join("".join(each if each.isprintable() else " " for each in name).split())[:MAX_NAME]

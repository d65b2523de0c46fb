"""What services and handlers may know of the world outside: which messengers there are, links to them and to us, files.

`bot.messengers` is the list of those that can be served; this is what the service hands on of it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee, Identity
from bot.messages import DeliveryError, Incoming, IncomingFile
from bot.ports import Catalogue, Facts, Fetch, Fetched, FileTooLarge, LookUp
from bot.text import Phrase, t, verbatim

_MEGABYTE = 1 << 20
TURN_SECONDS = 20.0
"""How long files may be fetched in one turn; its message is leased for half as long again."""
_AT_ONCE = 3
"""Files that are fetched side by side, so that an album is there within a turn."""
_BEGINNINGS = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8", "jpg"), (b"PK\x03\x04", "zip"))


def _name_by(content: bytes) -> str:
    """Name what has no name, as a picture from a phone has none, by what it is."""
    ending = next((each for begin, each in _BEGINNINGS if content.startswith(begin)), "bin")
    return f"file.{ending}"


class SentFileTooLarge(Refusal):
    """A file is larger than is of use."""

    code = "file_too_large"

    def __init__(self, limit: int) -> None:
        """Say how large it may be."""
        super().__init__(t("The file is too large: I take at most {limit} MB.", limit=max(limit // _MEGABYTE, 1)))


class FileOutOfReach(Refusal):
    """The messenger does not give a file that was sent."""

    code = "file_out_of_reach"

    def __init__(self) -> None:
        """Ask for it once more."""
        super().__init__(t("I could not get the file from the messenger. Please send it again in a minute."))


@dataclass(slots=True)
class Messengers:
    """The messengers. `links` makes the address that opens a connected one with a one-time token.

    `site` gives the address at which people's devices reach this service, or None where only messengers do.
    """

    facts: Sequence[Facts] = ()
    links: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    site: Callable[[], str | None] = lambda: None
    stand_in: Callable[[str, datetime], str | None] = lambda _, __: None
    """Gives the page at which an administrator of that company lets the application use their access; None without."""
    share_tasks: Callable[[str, str, datetime], str | None] = lambda _, __, ___: None
    """Gives the page at which that account of a company lets its tasks be shown in chat; None without."""
    allows_local: bool = False
    """Whether programs on this machine may be told what happens: for tests and the sandbox."""
    fetches: Mapping[str, Fetch] = field(default_factory=dict)
    """How each channel gets a file that a person sent."""
    look_up: LookUp | None = None
    """How a portal's own objects are read; None where no portal is connected."""
    catalogue: Catalogue | None = None
    """How a portal is asked what it calls its stages and fields; None where no portal is connected."""

    async def content(self, message: Incoming, file: IncomingFile, limit: int) -> bytes:
        """Return a file that came with a message; a Refusal where it is too large or cannot be had."""
        return (await self._fetched(message, file, limit)).content

    async def received(self, message: Incoming, limit: int) -> list[tuple[str, bytes | Refusal]]:
        """Return the name of each file that came with a message, and its content or why it cannot be had.

        All of them in less time than a turn may take, so that nobody else takes the message up meanwhile.
        """
        until = asyncio.get_running_loop().time() + TURN_SECONDS
        few = asyncio.Semaphore(_AT_ONCE)

        async def one(file: IncomingFile) -> tuple[str, bytes | Refusal]:
            try:
                async with asyncio.timeout_at(until), few:
                    got = await self._fetched(message, file, limit)
            except TimeoutError:
                return file.name, FileOutOfReach()
            except Refusal as refusal:
                return file.name, refusal
            return file.name or got.name or _name_by(got.content), got.content

        return list(await asyncio.gather(*map(one, message.files)))

    async def _fetched(self, message: Incoming, file: IncomingFile, limit: int) -> Fetched:
        fetch = self.fetches.get(message.channel)
        if file.size > limit:
            raise SentFileTooLarge(limit)
        if fetch is None:
            raise FileOutOfReach
        try:
            return await fetch(message.realm, file, limit)
        except FileTooLarge:
            raise SentFileTooLarge(limit) from None
        except DeliveryError:
            raise FileOutOfReach from None

    @property
    def invites(self) -> str:
        """The name of the messenger that people are brought into by a one-time link."""
        return next((each.name for each in self.facts if each.link), "")

    def is_connected(self, channel: str) -> bool:
        """Whether people can be brought there by a link."""
        return channel in self.links

    def link(self, channel: str, token: str) -> str | None:
        """Return the address that opens the channel with the token, or None where it is not connected (yet)."""
        make = self.links.get(channel)
        return make(token) if make else None

    def title(self, channel: str) -> Phrase:
        """Return what people call it."""
        own = t("application") if channel == "web" else verbatim(channel)  # no messenger, and yet in records
        return next((each.title for each in self.facts if each.name == channel), own)

    def places(self, employee: Employee, where: str) -> list[Identity]:
        """Return the accounts to write to; an unreachable one only when there is no other.

        `where` is "everywhere", "best", "elsewhere" (all but the best), or a channel that is preferred to what the
        person prefers.
        """
        reachable = [each for each in employee.identities if each.is_reachable] or list(employee.identities)
        if where == "everywhere":
            return reachable
        order = (where, employee.prefers, *(each.name for each in sorted(self.facts, key=lambda each: each.rank)))
        ranked = sorted(reachable, key=lambda each: order.index(each.channel) if each.channel in order else len(order))
        return ranked[1:] if where == "elsewhere" else ranked[:1]

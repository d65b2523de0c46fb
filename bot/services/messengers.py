"""What services and handlers may know of the world outside: which messengers there are, links to them and to us, files.

`bot.messengers` is the list of those that can be served; this is what the service hands on of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee, Identity
from bot.messages import DeliveryError, Incoming, IncomingFile
from bot.ports import Facts, Fetch, FileTooLarge
from bot.text import Phrase, t, verbatim

_MEGABYTE = 1 << 20


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
    fetches: Mapping[str, Fetch] = field(default_factory=dict)
    """How each channel gets a file that a person sent."""

    async def content(self, message: Incoming, file: IncomingFile, limit: int) -> bytes:
        """Return a file that came with a message; a Refusal where it is too large or cannot be had."""
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

    def link(self, channel: str, token: str) -> str | None:
        """Return the address that opens the channel with the token, or None where it is not connected (yet)."""
        make = self.links.get(channel)
        return make(token) if make else None

    def title(self, channel: str) -> Phrase:
        """Return what people call it."""
        return next((each.title for each in self.facts if each.name == channel), verbatim(channel))

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

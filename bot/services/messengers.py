"""What services and handlers may know of the world outside: which messengers there are, how to link to them and to us.

`bot.messengers` is the list of those that can be served; this is what the service hands on of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.people.employee import Employee, Identity
from bot.ports import Facts
from bot.text import Phrase, verbatim


@dataclass(slots=True)
class Messengers:
    """The messengers. `links` makes the address that opens a connected one with a one-time token.

    `site` gives the address at which people's devices reach this service, or None where only messengers do.
    """

    facts: Sequence[Facts] = ()
    links: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    site: Callable[[], str | None] = lambda: None

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

        `where` is "everywhere", "best", or a channel that is preferred to what the person prefers.
        """
        reachable = [each for each in employee.identities if each.is_reachable] or list(employee.identities)
        if where == "everywhere":
            return reachable
        order = (where, employee.prefers, *(each.name for each in sorted(self.facts, key=lambda each: each.rank)))
        return sorted(reachable, key=lambda each: order.index(each.channel) if each.channel in order else len(order))[
            :1
        ]

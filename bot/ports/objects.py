"""What stands on a portal beside its people, as far as a request speaks of it."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.domain.automation.portal_object import ObjectKind


@dataclass(frozen=True, slots=True)
class PortalObject:
    """An object of a portal as it was read a moment ago. Its words are data of strangers, never markup."""

    kind: ObjectKind
    number: int
    title: str
    amount: int | float | None = None
    currency: str = ""
    """ISO 4217, such as `RUB`; empty where there is no amount."""
    accounts: frozenset[str] = frozenset()
    """The portal's accounts of those who have to do with it: responsible, author, mover, changer, observers."""
    responsible: str = ""
    """The account of who is responsible for it; "" where nobody is."""


class LookUp(Protocol):
    """How a portal is asked for an object of its own."""

    async def __call__(self, realm: str, kind: ObjectKind, number: int, type_id: int = 0) -> PortalObject | None:
        """Return it; None where it is not there, is not ours to read, or cannot be read now.

        `type_id` is the type of a smart process.
        """
        ...


@runtime_checkable
class HasObjects(Protocol):
    """A channel whose portals have objects."""

    look_up: LookUp

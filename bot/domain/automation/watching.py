"""What of a portal is looked at, what we saw there last, and what it has told since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from bot.domain.automation.portal_object import ObjectRef

Family = str
"""Objects of one kind, as `ObjectRef.family` names it: `deal`, `lead`, `task`, `smart_process:171`."""
USER: Final = "user:"
"""Begins what is stored where somebody new works on the portal, who is no object, and is looked at as objects are."""
BINDING: Final = "watched"
"""Is stored in place of an object where it has changed what a portal is to tell us of."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What of a portal is to be looked at: families as a whole, and single objects."""

    families: Mapping[Family, frozenset[str]] = field(default_factory=dict)
    """By family, the fields whose change matters, as the portal names them; some are always kept beside them."""
    objects: frozenset[ObjectRef] = frozenset()

    def has(self, ref: ObjectRef) -> bool:
        """Whether an object is to be looked at."""
        return ref.family in self.families or ref in self.objects

    def fields_of(self, family: Family) -> frozenset[str]:
        """Return which fields of a family matter."""
        return self.families.get(family, frozenset())

    @property
    def told_of(self) -> frozenset[Family]:
        """Return the families of which the portal is to tell us."""
        return frozenset((*self.families, *(each.family for each in self.objects)))

    def and_also(self, other: "Watched") -> "Watched":
        """Return what either of two wants."""
        names = (*self.families, *other.families)
        families = {name: self.fields_of(name) | other.fields_of(name) for name in names}
        return Watched(families, self.objects | other.objects)


class Actor(IntEnum):
    """Who did it, as far as the portal's word shows. Of several words about one object the greatest stands."""

    UNKNOWN = 0
    """It was found by looking, or a person's tokens are missing for another reason."""
    ROBOT = 1
    """Its word came without anybody's tokens: a robot, a process or an agent."""
    PERSON = 2


@dataclass(frozen=True, slots=True)
class Hint:
    """A portal's word that something happened to an object. What, it does not say."""

    portal_id: int
    ref: str
    """An object by its stored name, `user:17`, or `watched`."""
    actor: Actor = Actor.UNKNOWN
    revision: int = 1
    """How often the portal has told of it since we last looked."""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """An object as it was when we last looked; of its fields those that are watched."""

    portal_id: int
    ref: ObjectRef
    fields: Mapping[str, Any]
    last_move: int
    """The portal's number of the last move that was counted."""
    last_errand: int = 0
    """Of errands that ended before then the writing was seen: milliseconds since 1970; formerly an errand's id."""
    is_ahead: bool = False
    """Whether it was seen at a stage that counted before the portal's history had the move there."""


@dataclass(frozen=True, slots=True)
class FamilyWatch:
    """From where on a family is watched: by the portal's own numbers, which need no clock."""

    portal_id: int
    family: Family
    last_id: int
    """The newest object that was there before; later ones are new."""
    last_move: int
    """The newest move that was made before; later ones count."""
    through: datetime
    """Up to when the portal was asked for what had changed, by its clock."""

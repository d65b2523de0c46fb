"""Objects of a portal: deals, leads, tasks, elements of smart processes; named in one way everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

ObjectKind = Literal["deal", "lead", "task", "smart_process"]
OBJECT_KINDS: Final[tuple[ObjectKind, ...]] = get_args(ObjectKind)
_ENTITY_TYPES: Final[Mapping[str, int]] = {"lead": 1, "deal": 2}
"""`entityTypeId` of the universal methods (api-reference/crm/data-types)."""


@dataclass(frozen=True, slots=True, order=True)
class ObjectRef:
    """Names an object of a portal; `str` of it is how it is stored, and the lane in which errands to it wait."""

    kind: ObjectKind
    number: int
    type_id: int = 0
    """The type of a smart process; 0 for all others."""

    def __str__(self) -> str:
        """Return `deal:12`, `smart_process:171:6`."""
        return f"{self.kind}:{self.type_id}:{self.number}" if self.type_id else f"{self.kind}:{self.number}"

    @property
    def family(self) -> str:
        """Return of what kind it is, for a smart process with its type: `deal`, `smart_process:171`."""
        return f"{self.kind}:{self.type_id}" if self.type_id else self.kind

    @property
    def entity_type(self) -> int | None:
        """Return the `entityTypeId` of CRM; None for a task."""
        return self.type_id or _ENTITY_TYPES.get(self.kind)

    @classmethod
    def parse(cls, stored: str) -> Self | None:
        """Return what a stored name means; None where it names no object."""
        kind, *numbers = stored.split(":")
        is_known = kind in OBJECT_KINDS and len(numbers) == (2 if kind == "smart_process" else 1)
        if not is_known or not all(each.isascii() and each.isdecimal() and len(each) <= 15 for each in numbers):
            return None
        type_id = int(numbers[0]) if len(numbers) == 2 else 0
        return cls(kind, int(numbers[-1]), type_id)  # type: ignore[arg-type]

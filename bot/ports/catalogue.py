"""What a portal calls its stages and fields, and its objects as they stand: what rules are made with and tried on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from bot.domain.automation.portal_object import ObjectKind, ObjectRef


@dataclass(frozen=True, slots=True)
class StageName:
    """A stage of a pipeline. Names are words of strangers."""

    id: str
    name: str
    pipeline: str = ""
    """The pipeline that it is of; "" where there is one alone."""


class Catalogue(Protocol):
    """How a portal is asked for names."""

    async def smart_processes(self, realm: str) -> Mapping[int, str]:
        """Return what the smart processes are called, by their types; none where they cannot be read now."""
        ...

    async def stages(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        """Return the stages of such objects in their order; none where they cannot be read now."""
        ...

    async def fields(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Mapping[str, str]:
        """Return the titles of the fields by their names; none where they cannot be read now."""
        ...

    async def values(self, realm: str, ref: ObjectRef) -> Mapping[str, Any] | None:
        """Return an object with all its fields; None where it is not there, not ours to read, or cannot be read now."""
        ...


@runtime_checkable
class HasCatalogue(Protocol):
    """A channel whose portals can be asked for names."""

    @property
    def catalogue(self) -> Catalogue:
        """How they are asked."""
        ...

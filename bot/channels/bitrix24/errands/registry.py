"""Who carries out which kind of errand: a family of kinds is a module, and each kind is registered by `@performs`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.channels.bitrix24.errands.site import Site
from bot.domain.automation.errand import Errand, ErrandKind

Result = Mapping[str, Any]


class Performer(ABC):
    """Carries out errands of a kind."""

    async def look(self, site: Site, errand: Errand) -> Result | None:  # noqa: ARG002 - of those that look
        """Return what the portal gave for it, where it is done already; None where it is not.

        It is asked of a doubtful errand, before it is done again. A kind that may be repeated need not look.
        """
        return None

    @abstractmethod
    async def do(self, site: Site, errand: Errand) -> Result:
        """Do it, and return what the portal gave; NotDone says why not."""


_PERFORMERS: dict[ErrandKind, Performer] = {}
_Kind = TypeVar("_Kind", bound=type[Performer])


def performs(*kinds: ErrandKind) -> Callable[[_Kind], _Kind]:
    """Register a performer of these kinds."""

    def register(performer: _Kind) -> _Kind:
        for kind in kinds:
            if kind in _PERFORMERS:
                raise ValueError(f"{kind} has a performer already")
            _PERFORMERS[kind] = performer()
        return performer

    return register


def performer_of(kind: ErrandKind) -> Performer | None:
    """Return who carries out a kind; None where nobody does."""
    return _PERFORMERS.get(kind)

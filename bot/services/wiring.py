"""Services by type: one of each, made when somebody names it, all in one unit of work."""

from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from bot.ports import Storage, UnitOfWork
from bot.services.apart import Apart
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.premises import Premises
from bot.services.supplying import needs_of
from bot.services.unit_service import UnitService

_Service = TypeVar("_Service")


@dataclass(frozen=True, slots=True)
class House:
    """What lives as long as the process and is no matter of one unit of work."""

    storage: Storage
    messengers: Messengers
    seals: Seals
    premises: Premises = field(default_factory=Premises)


class Services:
    """Supplies services that share one unit of work."""

    def __init__(self, uow: UnitOfWork, house: House, apart: Apart) -> None:
        """Build on `uow`; what is to stay whatever becomes of it is done by `apart`."""
        self.uow = uow
        self._made: dict[type, object] = {
            UnitOfWork: uow,
            Apart: apart,
            Messengers: house.messengers,
            Seals: house.seals,
            Premises: house.premises,
        }

    def get(self, kind: type[_Service]) -> _Service:
        """Return the service of that type; what it is made of is supplied by type as well."""
        found = self._made.get(kind)
        if found is None:
            if getattr(kind, "__init__", None) is UnitService.__init__:
                found = cast("Any", kind)(self.uow)
            else:
                found = kind(**{name: self.get(need) for name, need in needs_of(cast("Any", kind)).items()})
            self._made[kind] = found
        return cast("_Service", found)


def is_service(kind: Any) -> bool:
    """Whether a handler may ask for that type."""
    return kind in (Messengers, Seals, Premises) or (isinstance(kind, type) and issubclass(kind, UnitService))

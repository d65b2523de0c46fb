"""The base of a service: what it works in."""

from bot.ports import UnitOfWork


class UnitService:
    """A use case of one unit of work; whoever names it by type is given one (`bot.services.wiring`)."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read and note in `uow`."""
        self._uow = uow

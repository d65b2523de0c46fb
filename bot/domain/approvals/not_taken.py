"""Something that a request on a route does not take: no state changes, and the code says why."""

from bot.domain.approvals.event import RefusalCode


class NotTaken(Exception):
    """An event is refused."""

    def __init__(self, code: RefusalCode) -> None:
        """Refuse for the reason of `code`."""
        super().__init__(code)
        self.code: RefusalCode = code

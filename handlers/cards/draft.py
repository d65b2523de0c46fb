"""A request before it is sent: read back to whoever asks, in the place where its card will stand."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages import Words
from bot.text import t
from handlers.cards.requests import slot_of
from handlers.read_back import ReadBack


@dataclass(frozen=True, slots=True)
class Draft(ReadBack):
    """A request that was read back and is not sent yet."""

    yes: ClassVar[Words] = t("📨 Send to my lead")
    request_id: int

    @property
    def slot(self) -> str:
        """The slot of the request's card."""
        return slot_of(self.request_id)

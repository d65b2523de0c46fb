"""How the channel does, for /ready."""

from collections.abc import Mapping
from typing import Any

from bot.channels.telegram.api import NO_BOT_API
from bot.clock import Clock
from bot.messages import DeliveryError

NOT_TELEGRAM = "the address is no Bot API server: check TELEGRAM_API_URL"
_SENTENCES = {
    "credentials": "Telegram refuses the token: check TELEGRAM_BOT_TOKEN",
    "conflict": "another program receives this bot's updates",
    "network": "Telegram cannot be reached",
    "server": "Telegram has a failure",
    "rate_limit": "Telegram asks for a pause",
}
_WHY = {"rate_limit": "busy", "blocked": "server", "rejected": "server", "gone": "server"}


class Health:
    """The last success and the present error."""

    def __init__(self, clock: Clock) -> None:
        """Start as not working yet."""
        self._clock = clock
        self._last_success: float | None = None
        self._error: str | None = "starting"
        self._why = "starting"

    def succeeded(self) -> None:
        """Note that Telegram answered, or delivered."""
        self._last_success = self._clock.now().timestamp()
        self._error = None

    def failed(self, error: DeliveryError | str, why: str = "ours") -> None:
        """Note what is wrong, in technical words; `why` says it for people where it is no refusal of Telegram's."""
        if isinstance(error, str):
            self._error, self._why = error, why
            return
        self._why = _WHY.get(error.kind, error.kind)
        sentence = _SENTENCES.get(error.kind, "Telegram refused a call")
        if error.detail.startswith(NO_BOT_API) and "(HTTP 5" not in error.detail:
            sentence, self._why = NOT_TELEGRAM, "ours"
        self._error = f"{sentence} ({error.detail})" if error.detail else sentence

    def facts(self) -> Mapping[str, Any]:
        """Return the facts as `Channel.health` describes them."""
        why = None if self._error is None else self._why
        return {"ok": self._error is None, "last_success": self._last_success, "error": self._error, "why": why}

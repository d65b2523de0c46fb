"""aiogram's errors as DeliveryError. Imports aiogram: only `client` may import this module."""

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.channels.telegram.api import NO_BOT_API
from bot.messages import DeliveryError

CREDENTIALS_PAUSE = 60.0
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user_id_invalid")
_UNCHANGED = "message is not modified"
_NO_METHOD = "method not found"
_ANOTHER_TIME = frozenset({401, 407, 408, 425, 429})
"""Refusals in which the message has no part: a proxy that wants a password, or has too much to do."""
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class NoBotApi(AiogramError):
    """A refusal that is not in the words of the Bot API, but a page of a proxy or of another server."""

    def __init__(self, status: int) -> None:
        """Keep the status; nothing of the page is."""
        super().__init__(f"{NO_BOT_API} (HTTP {status})")
        self.status = status


def is_unchanged(error: Exception) -> bool:
    """Whether the message already shows just this."""
    return isinstance(error, TelegramBadRequest) and _UNCHANGED in error.message.lower()


def is_not_editable(error: Exception) -> bool:
    """Whether the message is gone or too old to be edited, so that only a new one can show the words."""
    return isinstance(error, TelegramBadRequest) and any(each in error.message.lower() for each in _NOT_EDITABLE)


def delivery_error(error: Exception) -> DeliveryError:
    """Say what an error of the client means for a delivery."""
    detail = error.message if isinstance(error, TelegramAPIError) else type(error).__name__
    match error:
        case NoBotApi() if 400 <= error.status < 500 and error.status not in _ANOTHER_TIME:
            # Whoever stands between us and Telegram does not let this message through: too large, or not so.
            return DeliveryError("rejected", permanent=True, detail=str(error))
        case NoBotApi():
            return DeliveryError("server", permanent=False, detail=str(error))
        case ClientDecodeError():
            return DeliveryError("server", permanent=False, detail=NO_BOT_API)
        case TelegramNotFound() if _NO_METHOD in detail.lower():
            return DeliveryError("rejected", permanent=True, detail=detail)
        case TelegramRetryAfter():
            return DeliveryError("rate_limit", permanent=False, retry_after=float(error.retry_after), detail=detail)
        case TelegramForbiddenError():
            return DeliveryError("blocked", permanent=True, detail=detail)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # A token of the wrong form is answered with 404. Messages wait until the operator has mended it.
            return DeliveryError("credentials", permanent=False, retry_after=CREDENTIALS_PAUSE, detail=detail)
        case TelegramConflictError():
            return DeliveryError("conflict", permanent=False, detail=detail)
        case TelegramBadRequest() | TelegramMigrateToChat() if any(each in detail.lower() for each in _GONE):
            return DeliveryError("gone", permanent=True, detail=detail)
        case TelegramBadRequest() | TelegramMigrateToChat() | TelegramEntityTooLarge():
            return DeliveryError("rejected", permanent=True, detail=detail)
        case TelegramNetworkError():
            return DeliveryError("network", permanent=False, detail=detail)
        case TelegramServerError():
            return DeliveryError("server", permanent=False, detail=detail)
        case AiogramError():
            return DeliveryError("rejected", permanent=True, detail=detail)
        case OSError():
            return DeliveryError("network", permanent=False, detail=detail)
    # An answer that the client could not even take apart, such as an error without a description.
    return DeliveryError("server", permanent=False, detail=detail)

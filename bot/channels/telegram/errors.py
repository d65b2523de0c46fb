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

from bot.messages import DeliveryError

CREDENTIALS_PAUSE = 60.0
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user_id_invalid")
_UNCHANGED = "message is not modified"
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


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
        case TelegramServerError() | ClientDecodeError():
            return DeliveryError("server", permanent=False, detail=detail)
        case AiogramError():
            return DeliveryError("rejected", permanent=True, detail=detail)
        case OSError():
            return DeliveryError("network", permanent=False, detail=detail)
    # An answer that the client could not even take apart, such as an error without a description.
    return DeliveryError("server", permanent=False, detail=detail)

"""What the portal refuses: one exception by code, and what a refusal means for the delivery of a message."""

import re
from typing import Any

from bot.messages import DeliveryError

NO_ANSWER = "NO_ANSWER"
"""Our own code: the request was not answered; what it asked for may or may not have happened."""
UNREADABLE = "UNREADABLE_ANSWER"
"""Our own code: what came back was not JSON, such as an HTML error page or an empty body."""
QUERY_LIMIT = "QUERY_LIMIT_EXCEEDED"
OPERATION_LIMIT = "OPERATION_TIME_LIMIT"

_OVERLOAD = "OVERLOAD_LIMIT"
_CREDENTIALS = frozenset(
    {
        "EXPIRED_TOKEN",
        "NO_AUTH_FOUND",
        "INVALID_TOKEN",
        "INVALID_GRANT",
        "INVALID_CREDENTIALS",
        "AUTHORIZATION_ERROR",
        "ERROR_OAUTH",
        "APPLICATION_NOT_FOUND",
        "PAYMENT_REQUIRED",
        "INSUFFICIENT_SCOPE",
        "USER_ACCESS_ERROR",
        "WRONG_AUTH_TYPE",
        "WRONG_CLIENT",
        "PORTAL_DELETED",
        "ERROR_METHOD_NOT_FOUND",
        "INVALID_REQUEST",
        "BOT_NOT_FOUND",
        "BOT_OWNERSHIP_ERROR",
        "BOT_ID_REQUIRED",
        "BOT_TOKEN_NOT_SPECIFIED",
        "BOT_CODE_ALREADY_TAKEN",
        "BOT_LIMIT_EXCEEDED",
    }
)
FOR_GOOD = frozenset(
    {
        "NO_AUTH_FOUND",
        "INVALID_TOKEN",
        "AUTHORIZATION_ERROR",
        "ERROR_OAUTH",
        "APPLICATION_NOT_FOUND",
        "PAYMENT_REQUIRED",
        "PORTAL_DELETED",
    }
)
"""The portal has the application no more, or it is not paid, or there is no portal: asking again helps nobody."""
_SERVER = frozenset(
    {
        "INTERNAL_SERVER_ERROR",
        "ERROR_UNEXPECTED_ANSWER",
        "SENDING_FAILED",
        "ERROR_CORE",
        "FILE_FOLDER_ERROR",
        "FILE_UPLOAD_FAILED",
        "FILE_SEND_FAILED",
        UNREADABLE,
    }
)
_UNSAID = re.compile(r"[^A-Z0-9]+")
_CODE_LENGTH = 80
_ASK_AGAIN_CREDENTIALS = 60.0
_ASK_AGAIN_EXPIRED = 5.0
"""Seconds after a token that was renewed expired before it was used: the clock went far ahead in between."""
_ASK_AGAIN_OVERLOAD = 300.0
_ASK_AGAIN_SERVER = 5.0


class RestError(Exception):
    """A refusal of the portal, known by its code in upper case. The portal's own words are not kept."""

    def __init__(self, code: str, *, status: int = 0, retry_after: float | None = None, was_sent: bool = True) -> None:
        """Name the code; `status` 0 means that there was no HTTP answer of its own.

        What `was_sent` may have had its effect whatever the answer says; what was not has had none.
        """
        super().__init__(f"{code} ({status})" if status else code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.was_sent = was_sent


def code_of(error: Any, status: int) -> str:
    """Return a comparable code from what stands in `error`: a code in any case, a sentence, a number or an object."""
    if isinstance(error, dict):
        error = error.get("code")
    text = _UNSAID.sub("_", str(error if error is not None else "").upper()).strip("_")[:_CODE_LENGTH]
    return text if text and text != "0" else f"HTTP_{status}"


def delivery_error(error: RestError, *, whole_request: bool) -> DeliveryError:
    """Return what a refusal means for a message; `whole_request` when not the message but its request was refused."""
    code = error.code
    if code == NO_ANSWER:
        return DeliveryError("network", permanent=False, detail=code)
    if code in {QUERY_LIMIT, OPERATION_LIMIT} or error.status == 429:
        return DeliveryError("rate_limit", permanent=False, retry_after=error.retry_after, detail=code)
    if code == _OVERLOAD:
        return DeliveryError("rate_limit", permanent=False, retry_after=_ASK_AGAIN_OVERLOAD, detail=code)
    if error.status == 413 and not whole_request:
        return DeliveryError("rejected", permanent=True, detail="TOO_LARGE")
    refuses_us = error.status in {401, 402} or (whole_request and error.status == 403)
    if refuses_us or code in _CREDENTIALS or code.startswith("BOT_TOKEN"):
        again = _ASK_AGAIN_EXPIRED if code == "EXPIRED_TOKEN" else _ASK_AGAIN_CREDENTIALS
        return DeliveryError("credentials", permanent=False, retry_after=again, detail=code)
    if code in _SERVER or error.status >= 500 or whole_request:
        return DeliveryError("server", permanent=False, retry_after=_ASK_AGAIN_SERVER, detail=code)
    if code in {"ACCESS_DENIED", "ACCESS_ERROR"}:
        return DeliveryError("blocked", permanent=True, detail=code)
    return DeliveryError("rejected", permanent=True, detail=code)

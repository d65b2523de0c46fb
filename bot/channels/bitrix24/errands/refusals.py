"""What a portal's refusal means for an errand: it may pass, it is final, or there is nothing any more to do it to."""

from collections.abc import Mapping
from typing import Final

from bot.channels.bitrix24.errors import NO_ANSWER, OPERATION_LIMIT, QUERY_LIMIT, UNREADABLE, RestError
from bot.channels.bitrix24.tokens import NO_GRANT
from bot.domain.automation.errand import ErrandState
from bot.ports import NotDone

OUT_OF_REACH: Final = 84
"""Tries of a portal that is silent: three days by the growing pauses, so that a weekend passes."""
_LATER: Final = 60.0
_OVERLOADED: Final = 300.0
_FINAL: Final[Mapping[str, str]] = {
    "ACCESS_DENIED": "no_right",
    "INVALID_CREDENTIALS": "no_right",
    "USER_ACCESS_ERROR": "no_right",
    "ALLOWED_ONLY_INTRANET_USER": "no_right",
    "INSUFFICIENT_SCOPE": "no_scope",
    "ERROR_METHOD_NOT_FOUND": "no_method",
    "WRONG_AUTH_TYPE": "needs_application",
    NO_GRANT: "no_grant",
    "CRM_FIELD_ERROR_VALUE_NOT_VALID": "value_refused",
    "INVALID_ARG_VALUE": "value_refused",
}
_GONE: Final = frozenset({"NOT_FOUND", "OWNER_NOT_FOUND"})
_SERVER: Final = frozenset({"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", UNREADABLE})
_OF_THE_APPLICATION: Final = frozenset(
    {
        "EXPIRED_TOKEN",
        "NO_AUTH_FOUND",
        "INVALID_TOKEN",
        "INVALID_GRANT",
        "AUTHORIZATION_ERROR",
        "ERROR_OAUTH",
        "APPLICATION_NOT_FOUND",
        "PAYMENT_REQUIRED",
        "PORTAL_DELETED",
        "WRONG_CLIENT",
        "NOT_SERVED",
        "UNTRUSTED_REDIRECT",
    }
)
"""What is wrong with the application there, not with the errand: it waits until that is mended."""


def refused(reason: str) -> NotDone:
    """Return that the portal refuses it for good."""
    return NotDone(reason, ends=ErrandState.FAILED)


def gone() -> NotDone:
    """Return that there is nothing any more to do it to."""
    return NotDone("gone", ends=ErrandState.LEFT)


def not_done(error: RestError) -> NotDone:
    """Return what a refusal means."""
    code = error.code
    if code == NO_ANSWER:
        return NotDone("no_answer", is_doubtful=error.was_sent, patience=OUT_OF_REACH)
    if code in {QUERY_LIMIT, OPERATION_LIMIT} or error.status == 429:
        return NotDone("in_haste", retry_after=error.retry_after or _LATER, counts=False)
    if code == "OVERLOAD_LIMIT":
        return NotDone("in_haste", retry_after=_OVERLOADED, counts=False)
    if code in _OF_THE_APPLICATION or (error.status == 401 and code not in _FINAL):
        return NotDone("no_access", retry_after=_LATER, counts=False)
    if code in _GONE:
        return gone()
    if code in _SERVER or error.status >= 500:
        return NotDone("server", is_doubtful=True)
    return refused(_FINAL.get(code, "refused"))

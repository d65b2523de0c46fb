"""Refusals of the Bot API: a code, a description in Telegram's own wording, and parameters where they exist."""

from typing import Any


class ApiError(Exception):
    """An answer that is not ok. The HTTP status of the response equals `code`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON object that the server answers with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class DropConnectionError(Exception):
    """The connection is to be dropped without an answer."""


def bad_request(reason: str) -> ApiError:
    """400; like the real server, the reason starts in lower case unless it is a CONSTANT."""
    is_constant = len(reason) > 1 and (reason[1] == "_" or ("A" <= reason[1] <= "Z"))
    return ApiError(400, "Bad Request: " + (reason if is_constant else reason[:1].lower() + reason[1:]))


def forbidden(reason: str) -> ApiError:
    """403."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409."""
    return ApiError(409, f"Conflict: {reason}")


def too_many(retry_after: int) -> ApiError:
    """429 with the number of seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)

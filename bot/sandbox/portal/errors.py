"""What the portal refuses, as one exception that carries the code, the words and the HTTP status."""

from http import HTTPStatus
from typing import Any


class RestError(Exception):
    """A refusal of the REST interface; `extra` is merged into the body beside `error` and `error_description`."""

    def __init__(
        self, code: str, description: str, status: int = HTTPStatus.BAD_REQUEST, *, extra: dict[str, Any] | None = None
    ) -> None:
        """Refuse with `code`, explained by `description`."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = int(status)
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        """Return the JSON object that the caller receives."""
        return {"error": self.code, "error_description": self.description, **self.extra}


def missing(name: str) -> RestError:
    """Refuse a call that lacks a required parameter, in the words of the portal's parameter binder."""
    return RestError("100", f"Could not find value for parameter {{{name}}}")


def invalid(name: str, expected: str) -> RestError:
    """Refuse a parameter whose value has the wrong type."""
    return RestError("ERROR_ARGUMENT", f"Argument '{name}' must be {expected}")


def surplus(names: list[str]) -> RestError:
    """Refuse parameters that the method does not have.

    The real portal ignores them in silence; the sandbox does not, so that a misspelt parameter is noticed.
    """
    return RestError("ERROR_SURPLUS_PARAMETER", f"Unknown parameters: {', '.join(sorted(names))}")


def access_denied(description: str = "Access denied") -> RestError:
    """Refuse what the caller has no right to."""
    return RestError("ACCESS_DENIED", description, HTTPStatus.FORBIDDEN)

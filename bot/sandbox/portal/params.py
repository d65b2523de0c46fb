"""The parameters of a call: read by name, cast from JSON or form types, and refused when missing, surplus or wrong."""

from collections.abc import Collection
from typing import Any

from bot.sandbox.portal.caller import Caller
from bot.sandbox.portal.errors import RestError, invalid, missing, surplus

_TRUE = (True, "Y", "1", "true", 1)
_FALSE = (False, "N", "0", "false", 0)
_DIGITS = 18


class Params:
    """Named values; form data and batch queries carry every scalar as a string, JSON carries native types.

    The portal ignores what it does not know; only in the strict mode is it refused.
    """

    def __init__(self, values: dict[str, Any], caller: Caller | None = None, *, is_strict: bool = True) -> None:
        """Read from `values`, which that caller gave."""
        self.values = values
        self._caller = caller
        self._is_strict = is_strict

    @property
    def caller(self) -> Caller:
        """Who calls."""
        if self._caller is None:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        return self._caller

    def within(self, values: dict[str, Any]) -> "Params":
        """Return other values of the same call."""
        return Params(values, self._caller, is_strict=self._is_strict)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse names that are not in `allowed`, in the strict mode."""
        strangers = [name for name in self.values if name not in allowed]
        if strangers and self._is_strict:
            raise surplus(strangers)

    def has(self, name: str) -> bool:
        """Whether the parameter came with a value other than null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string; missing is refused unless there is a default."""
        value = self.values.get(name)
        if value is None:
            if default is None:
                raise missing(name)
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid(name, "a string")
        return str(value)

    def integer(self, name: str, default: int | None = None) -> int:
        """Return an integer, also from a string of digits; missing is refused unless there is a default."""
        value = self.values.get(name)
        if value is None or value == "":
            if default is None:
                raise missing(name)
            return default
        number = as_integer(value)
        if number is None:
            raise invalid(name, "an integer")
        return number

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean: true and false, Y and N, 1 and 0."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list) or value not in (*_TRUE, *_FALSE):
            raise invalid(name, "a boolean")
        return value in _TRUE

    def mapping(self, name: str, *, required: bool = False) -> "Params":
        """Return a nested object; PHP cannot tell an empty one from an empty list."""
        value = self.values.get(name)
        if value is None:
            if required:
                raise missing(name)
            return self.within({})
        if value == []:
            return self.within({})
        if not isinstance(value, dict):
            raise invalid(name, "an object")
        return self.within(value)

    def phrases(self, name: str) -> dict[str, str]:
        """Return texts by language code."""
        texts = self.mapping(name).values
        for language, text in texts.items():
            if len(language) != len("en") or not language.islower() or not isinstance(text, str):
                raise invalid(name, "an object of language codes and texts")
        return texts


def as_integer(value: Any) -> int | None:
    """Return the integer in a number or a string of digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= _DIGITS:
        return int(value)
    return None


def classic(values: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Spell the parameters as the method declares them: the older methods do not look at upper and lower case."""
    spelt = {name.lower(): name for name in names}
    return {spelt.get(name.lower(), name): value for name, value in values.items()}


def required_text(params: Params, name: str, code: str, description: str) -> str:
    """Return a string that is not empty, or refuse with the method's own code."""
    value = params.text(name, "").strip()
    if not value:
        raise RestError(code, description)
    return value

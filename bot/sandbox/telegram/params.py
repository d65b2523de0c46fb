"""Parameters of a method call, from a query string, a form, a multipart body or a JSON object."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.telegram.errors import bad_request

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content_type: str
    content: bytes


def not_a_number(token: str) -> Any:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(token)


def decode_json(text: str) -> Any:
    """Decode strict JSON; ValueError for anything else, be it only too deep."""
    try:
        return json.loads(text, parse_constant=not_a_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_sound(value: Any) -> bool:
    """Whether every string can be written as UTF-8 (a lone surrogate cannot)."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


@dataclass(slots=True)
class Params:
    """What came: plain fields as they were given, and files by the name of their part."""

    fields: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def journal(self) -> dict[str, Any]:
        """Return the call as the journal keeps it: files by name and size only."""
        files = {name: f"{each.name} ({len(each.content)} bytes)" for name, each in self.uploads.items()}
        return {**self.fields, **files}

    def check(self, known: frozenset[str]) -> None:
        """Refuse a parameter that the method does not have; the real server ignores it, and the mistake stays unseen.

        A file may come under any name when a known parameter refers to it as `attach://name`.
        """
        attached = {str(value)[9:] for value in self.fields.values() if str(value).startswith("attach://")}
        for name in (*self.fields, *(each for each in self.uploads if each not in attached)):
            if name not in known:
                raise bad_request(f'parameter "{name}" is unknown or not emulated')

    def text(self, name: str) -> str:
        """Return a string, empty when absent."""
        value = self.fields.get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if not isinstance(value, str):
            raise bad_request(f'parameter "{name}" must be a String')
        return value

    def integer(self, name: str, default: int, *, low: int = -(2**63), high: int = 2**63 - 1) -> int:
        """Return an integer within bounds. The real server silently clamps to the bounds; here the mistake is told."""
        value = self.text(name).strip()
        if not value:
            return default
        try:
            number = int(value) if len(value) <= 20 and "_" not in value else None
        except ValueError:
            number = None
        if number is None:
            raise bad_request(f'parameter "{name}" must be an Integer')
        if not low <= number <= high:
            raise bad_request(f'parameter "{name}" must be from {low} to {high}')
        return number

    def boolean(self, name: str) -> bool:
        """Return a boolean, false when absent; the words are those the real server takes for true."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str, what: str) -> Any:
        """Return a nested value: given as such in a JSON body, as a JSON string in a form; None when absent."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            decoded = decode_json(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
        if not is_sound(decoded):
            raise bad_request("strings must be encoded in UTF-8")
        return decoded

    def upload(self, name: str) -> Upload | None:
        """Return the file given for a parameter: as the part of that name or as `attach://part`."""
        if name in self.uploads:
            return self.uploads[name]
        reference = self.text(name)
        return self.uploads.get(reference.removeprefix("attach://")) if reference.startswith("attach://") else None


async def read_params(request: web.Request) -> Params:
    """Read the query string and the body."""
    params = Params()
    _take(params, request.query)
    if not request.can_read_body:
        return params
    if request.content_type == "application/json":
        await _read_json(request, params)
    elif request.content_type == _MULTIPART:
        await _read_multipart(request, params)
    elif request.content_type == _FORM:
        try:
            form = await request.post()
        except (UnicodeDecodeError, LookupError):
            raise bad_request("strings must be encoded in UTF-8") from None
        _take(params, {name: value for name, value in form.items() if isinstance(value, str)})
    elif await request.read():
        raise bad_request(f"content type {request.content_type} is not accepted")
    if not is_sound(params.fields):
        raise bad_request("strings must be encoded in UTF-8")
    return params


def _take(params: Params, values: Mapping[str, Any]) -> None:
    """Add fields; the first value of a repeated name wins, and null is the same as absent."""
    for name, value in values.items():
        if value is not None:
            params.fields.setdefault(name, value)


async def _read_json(request: web.Request, params: Params) -> None:
    """Read a JSON object."""
    try:
        body = decode_json((await request.read()).decode())
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    _take(params, body)


async def _read_multipart(request: web.Request, params: Params) -> None:
    """Read a multipart body: parts with a file name are files, the others are fields."""
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            content = bytes(await part.read(decode=True))
            if part.filename is None:
                _take(params, {part.name: content.decode()})
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                params.uploads[part.name] = Upload(part.filename, kind, content)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse multipart body") from None

"""Pages from templates: escaped, in the reader's language, with no word in a template."""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.i18n import Translator, known_locale
from bot.text import Lines, Phrase

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
DEFAULT_LOCALE = "en"
STATIC = "/static"


@cache
def _environment() -> "Environment":
    # Takes a fifth of a second, and no chat needs it: so not before a page is asked for.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static_address
    return made


def warm_up() -> None:
    """Do what the first page would otherwise wait for; for a thread."""
    _environment().get_template("page.html")


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Return what pages are made with beside text: by a name that changes with the content, type and bytes."""
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    found = {}
    for path in sorted((_HERE / "static").iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        found[f"{path.stem}-{digest}{path.suffix}"] = (kinds[path.suffix], content)
    return found


@cache
def static_address(name: str) -> str:
    """Return the address of such a file."""
    stem, _, suffix = name.rpartition(".")
    return next(f"{STATIC}/{each}" for each in static_files() if each.startswith(f"{stem}-") and each.endswith(suffix))


class Reader:
    """Who reads a page: their language."""

    def __init__(self, *tags: str | None) -> None:
        """Speak the first of these languages that we speak."""
        known = (known_locale(tag) for tag in tags if tag)
        self.locale = next(filter(None, known), DEFAULT_LOCALE)
        self._translator = Translator(self.locale, "UTC", datetime.now(UTC))

    def say(self, words: Phrase | Lines) -> str:
        """Return a sentence in that language, as plain text; the template escapes it."""
        return self._translator.plain(words)


def render(template: str, reader: Reader, **values: Any) -> str:
    """Return a page."""
    said = {name: _said(reader, value) for name, value in values.items()}
    return _environment().get_template(template).render(locale=reader.locale, **said)


def _said(reader: Reader, value: Any) -> Any:
    if isinstance(value, Phrase | Lines):
        return reader.say(value)
    if isinstance(value, list | tuple):
        return [_said(reader, each) for each in value]
    return value

"""Pages from templates: escaped, in the reader's language, with no word in a template."""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.gently import gently
from bot.i18n import Translator, known_locale
from bot.text import Day, DayTime, Lines, Phrase, Span, Value, t, tn

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_PIECES = 16
"""So many pieces of a page are made between two looks at the clock; a row of a list is one at least."""
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
    made.globals["integrity"] = integrity
    return made


def warm_up() -> None:
    """Do what the first page would otherwise wait for; for a thread."""
    for each in _environment().list_templates():
        _environment().get_template(each)


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Return what pages are made with beside text: by a name that changes with the content, type and bytes."""
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    found = {}
    for path in sorted((_HERE / "static").rglob("*")):
        if path.suffix not in kinds:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        found[f"{path.stem}-{digest}{path.suffix}"] = (kinds[path.suffix], content)
    return found


@cache
def packed(name: str) -> bytes:
    """Return the bytes of such a file as gzip, packed once. Nobody's secrets are in it, so its length betrays none."""
    return gzip.compress(static_files()[name][1], mtime=0)


@cache
def static_address(name: str) -> str:
    """Return the address of such a file."""
    stem, _, suffix = name.rpartition(".")
    return next(f"{STATIC}/{each}" for each in static_files() if each.startswith(f"{stem}-") and each.endswith(suffix))


@cache
def _vendored() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(
        (_HERE / "static" / "vendor" / "vendor.json").read_text("utf-8")
    )
    return found


def integrity(name: str) -> str:
    """Return by what a browser recognises a file that others wrote."""
    return _vendored()[name]["sha384"]


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


_SIGN = re.compile(r"^[^\w\s«“\"'(\[{№]+\s+|^[^\w\s«“\"'(\[{№]+(?=\w)")
"""What a sentence of the chat begins with to be found there: a page has signs of its own."""


def _html(spans: list[Span]) -> Iterator[str]:
    for each in spans:
        text = html.escape(each.text).replace("\n", "<br>")
        match each.style:
            case "bold":
                yield f"<b>{text}</b>"
            case "italic":
                yield f"<i>{text}</i>"
            case _:
                yield text


class Speaker:
    """Says things on a page to one reader: what a template calls."""

    def __init__(self, translator: Translator) -> None:
        """Speak as `translator` does."""
        self._translator = translator

    def say(self, words: Value | None) -> "Markup":
        """Return words as HTML; what a value says is text, whatever it looks like."""
        from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja

        match words:
            case None:
                return Markup("")
            case Phrase() | Lines():
                return Markup("".join(_html(self._translator.spans(words))))  # noqa: S704 - each value was escaped
            case _:
                return Markup("".join(_html(self._translator.spans(Phrase("{value}", {"value": words})))))  # noqa: S704 - as above

    def bare(self, words: Phrase | Lines | None) -> "Markup":
        """Return words without the sign that they begin with in chat."""
        if words is None:
            return self.say(None)
        if isinstance(words, Lines):
            return self.say(None).__class__("<br>").join(self.bare(each) for each in words.lines)
        spans = self._translator.spans(words)
        if spans:
            spans[0] = Span(_SIGN.sub("", spans[0].text), spans[0].style, spans[0].mention)
        return self.say(None).__class__("".join(_html(spans)))

    def text(self, words: Phrase | Lines) -> str:
        """Return words as plain text, for an attribute."""
        return self._translator.plain(words)

    def names(self) -> Mapping[str, Any]:
        """Return what templates call, by name."""
        return {
            "t": lambda message, **values: self.say(t(message, **values)),
            "tn": lambda one, many, count, **values: self.say(tn(one, many, count, **values)),
            "say": self.say,
            "bare": self.bare,
            "text": self.text,
            "moment": lambda at: self.say(DayTime(at)),
            "daytime": DayTime,
            "day": lambda day: self.say(Day(day)),
            "locale": self._translator.locale,
        }


class NameTaken(ValueError):
    """A view gives a template a value under a name by which every page knows something else."""


async def render_page(
    template: str, translator: Translator, of_all: Mapping[str, Any], own: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """Return a page of somebody who is signed in: phrases are said by the template. A long one lets others in.

    `of_all` are values that every page has, `own` those of this one; NameTaken where they share a name.
    """
    known = {**of_all, **Speaker(translator).names()}
    if clash := sorted(known.keys() & own.keys()):
        raise NameTaken(f"{template}: every page has {', '.join(clash)} already")
    made = _environment().get_template(template).generate({**own, **known})
    return "".join(await gently("".join, iter(lambda: list(islice(made, _PIECES)), [])))

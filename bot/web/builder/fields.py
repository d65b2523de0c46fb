"""Fields of a form ⇄ parts of a template: each field of the model has a control; what nobody touched stays.

A *node* tells how one kind of value stands in a form: which fields it has, and what they mean when they come back.
Fields are named by their place in the document, with dots. One that comes back as it was sent changes nothing: what a
form cannot show exactly (a line break in a title, a name that nobody has) passes through unchanged.
"""

# ruff: noqa: ARG002 - a node need not look at all that it is given
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.approvals.base import Part
from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.approvals.told import titled
from bot.domain.errors import BadForm
from bot.text import Phrase, t

Fields = Mapping[str, str]
Option = tuple[str, Phrase | str]


@dataclass(frozen=True, slots=True)
class Known:
    """What a portal knows, for controls that choose among it."""

    people: Mapping[str, int | str] = field(default_factory=dict)
    """Ids by the names that people are told apart by."""
    departments: Mapping[str, str] = field(default_factory=dict)
    """Names by number."""
    groups: Mapping[str, Phrase | str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    """Titles of the form's fields by key."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Their types."""
    stages: Mapping[str, Phrase | str] = field(default_factory=dict)
    """Titles of the stages by id."""
    locale: str = ""
    """The language of whoever reads."""

    def name_of(self, person: object) -> str:
        """Return by which name somebody is told apart; the bare number of whom nobody knows."""
        found = next((name for name, each in self.people.items() if each == person), "")
        return found or ("" if person in (0, "") else f"#{person}")


@dataclass(frozen=True, slots=True)
class Control:
    """What stands on the page for one value, or for several that belong together."""

    kind: str
    name: str
    label: Phrase | None = None
    value: str = ""
    options: Sequence[Option] = ()
    parts: "Sequence[Control]" = ()
    say: Phrase | str | None = None
    is_more: bool = False
    """Whether it stands under “More”."""
    adds: Phrase | None = None
    """What the button says that adds to a list."""
    can_move: bool = False
    at: int = 0


class Node:
    """How one kind of value stands in a form."""

    label: Phrase | None
    is_more: bool

    def __init__(self, label: Phrase | None = None, *, more: bool = False) -> None:
        """Say before the control what it is."""
        self.label = label
        self.is_more = more

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the fields of a value, as a browser sends them."""
        return {name: line("" if value is None else str(value))}

    def decode(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return what was sent; what is as it was stays exactly so."""
        if self.is_same(fields, name, before, known):
            return before
        return self.read(fields, name, before, known)

    def is_same(self, fields: Fields, name: str, before: Any, known: Known) -> bool:
        """Whether nothing of a value was touched."""
        sent = self.encode(before, name, known)
        mine = {key: each for key, each in fields.items() if key == name or key.startswith(f"{name}.")}
        return mine == sent

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return what fields mean."""
        return fields.get(name, "").strip()

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return what stands on the page."""
        return self.made("text", name, shown)

    def made(self, kind: str, name: str, shown: Fields, **more: Any) -> Control:
        """Return a control of a kind."""
        return Control(kind, name, self.label, shown.get(name, ""), is_more=self.is_more, **more)


def line(text: str) -> str:
    """Return a text as a field of one line holds it."""
    return re.sub(r"[\r\n\0]", "", text)


def block(text: str) -> str:
    """Return a text as a field of several lines sends it."""
    return re.sub(r"\r\n?", "\n", text).replace("\0", "")


class Words(Node):
    """A line of text."""


class Number(Node):
    """A whole number; what is none stays as it was typed, and is told to be wrong."""

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return the number."""
        text = re.sub(r"\s", "", fields.get(name, ""))
        return int(text) if re.fullmatch(r"\d{1,9}", text) else text

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a narrow field."""
        return self.made("number", name, shown)


class Tick(Node):
    """Yes or no."""

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the field where it is ticked: others are not sent."""
        return {name: "yes"} if value else {}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return whether it is ticked."""
        return name in fields

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a box."""
        return self.made("tick", name, shown)


class Choice(Node):
    """One of several words."""

    def __init__(self, label: Phrase | None, options: Sequence[Option], *, more: bool = False) -> None:
        """Offer `options`."""
        super().__init__(label, more=more)
        self.options = options

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a list to choose from; what stands there and is none of it is offered as well."""
        return self.made("choice", name, shown, options=with_present(self.options, shown.get(name, "")))


def with_present(options: Sequence[Option], present: str) -> Sequence[Option]:
    """Return options with the present value among them."""
    return options if present in [key for key, _ in options] else ((present, present or "–"), *options)


class Ticks(Node):
    """Several words of some, in the order of the options."""

    def __init__(self, label: Phrase | None, options: Any, *, more: bool = False) -> None:
        """Offer `options`, or what they are by what is known."""
        super().__init__(label, more=more)
        self.options = options

    def offered(self, value: Any, known: Known) -> Sequence[Option]:
        """Return what can be ticked, what is ticked among it."""
        options = list(self.options(known) if callable(self.options) else self.options)
        keys = [key for key, _ in options]
        return [*options, *((each, each) for each in dict.fromkeys(map(str, value or ())) if each not in keys)]

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return what is ticked, joined as boxes of one name are."""
        ticked = {str(each) for each in value or ()}
        sent = [key for key, _ in self.offered(value, known) if key in ticked]
        return {name: ",".join(line(each) for each in sent)} if sent else {}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return what is ticked."""
        return fields[name].split(",") if name in fields else []

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return boxes."""
        return self.made("ticks", name, shown, options=self.offered(value, known))


_LENGTH = re.compile(r"(\d{0,4})(m|h|wh|d|wd)")
UNITS: Sequence[Option] = (
    ("wh", t("working hours")),
    ("wd", t("working days")),
    ("h", t("hours by the clock")),
    ("d", t("days")),
    ("m", t("minutes")),
)


class Length(Node):
    """A length of time: a number and its unit."""

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return number and unit."""
        found = _LENGTH.fullmatch(str(value))
        return (
            {f"{name}.n": found[1], f"{name}.u": found[2]}
            if found
            else {f"{name}.n": line(str(value)), f"{name}.u": "wd"}
        )

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return both in one word."""
        number = fields.get(f"{name}.n", "").strip().lstrip("0")
        return f"{number}{fields.get(f'{name}.u', '')}"

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return both side by side."""
        number = Control("number", f"{name}.n", self.label, shown.get(f"{name}.n", ""))
        unit = Control("choice", f"{name}.u", t("unit"), shown.get(f"{name}.u", ""), UNITS)
        return Control("length", name, self.label, parts=(number, unit), is_more=self.is_more)


class Titles(Node):
    """A title in each language; none where nothing is written."""

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return both."""
        return {f"{name}.{each}": line(str((value or {}).get(each, ""))) for each in ("ru", "en")}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return those that are written; each that is as it was stays so."""
        found = {}
        for each in ("ru", "en"):
            former = (before or {}).get(each)
            text = fields.get(f"{name}.{each}", "")
            if former is not None and text == line(str(former)):
                found[each] = former
            elif text.strip():
                found[each] = text.strip()
        return found

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a field a language."""
        told = (("ru", t("in Russian")), ("en", t("in English")))
        parts = [Control("text", f"{name}.{each}", label, shown.get(f"{name}.{each}", "")) for each, label in told]
        return Control("group", name, self.label, parts=parts, is_more=self.is_more)


class Lines(Node):
    """Several texts, one a line."""

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return them one below the other."""
        return {name: "\n".join(block(str(each)).replace("\n", " ") for each in value or ())}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return those that are not empty."""
        return [each.strip() for each in fields.get(name, "").split("\n") if each.strip()]

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a field of several lines."""
        return self.made("lines", name, shown)


class Args(Node):
    """What an action is done with: a name and its value a line, values as JSON where they are no plain words."""

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return a line a name."""
        return {name: "\n".join(f"{line(key)} = {_word(each)}" for key, each in (value or {}).items())}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return them by name."""
        found: dict[str, Any] = {}
        for each in fields.get(name, "").split("\n"):
            key, sign, said = each.partition("=")
            if not each.strip():
                continue
            if not sign or not key.strip():
                raise BadForm(t("Write each on a line of its own, for example: STAGE_ID = C1:EXECUTING"), name)
            former = (before or {}).get(key.strip())
            same = former is not None and said.strip() == _word(former)
            found[key.strip()] = former if same else _meant(said.strip())
        return found

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a field of several lines."""
        return self.made("lines", name, shown)


def _word(value: Any) -> str:
    """Write a value so that it is read as the same one."""
    if isinstance(value, str) and _meant(value) == value and value == value.strip() and "\n" not in block(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _meant(said: str) -> Any:
    """Return the number, the truth, the quoted text or the object that words are; else the words."""
    try:
        found = parsed(said)
    except NotJson:
        return said
    return found if isinstance(found, str | int | bool | float | dict | list) else said


class Many(Node):
    """A list whose entries are added, taken out and moved by buttons."""

    def __init__(
        self,
        label: Phrase | None,
        each: Node,
        adds: Phrase,
        *,
        more: bool = False,
        can_move: bool = False,
        called: Callable[[int, str], Phrase] | None = None,
    ) -> None:
        """Hold `each`; a button `adds` another. Of several each is `called` by its number and title."""
        super().__init__(label, more=more)
        self.called = called
        self.each = each
        self.adds = adds
        self.can_move = can_move

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the fields of all."""
        found: dict[str, str] = {}
        for number, one in enumerate(value or ()):
            found |= self.each.encode(one, f"{name}.{number}", known)
        return found

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return each as it came back."""
        return [self.each.decode(fields, f"{name}.{number}", one, known) for number, one in enumerate(before or ())]

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return each with what takes it out, and what adds one."""
        parts = [self.each.control(one, f"{name}.{at}", shown, known) for at, one in enumerate(value or ())]
        if self.called is not None and len(parts) > 1:
            titles = [titled(one.get("title") or {}, "", known.locale) for one in value]
            parts = [replace(each, label=self.called(at, titles[at - 1])) for at, each in enumerate(parts, 1)]
        return Control(
            "many", name, self.label, parts=parts, is_more=self.is_more, adds=self.adds, can_move=self.can_move
        )


class Whole(Node):
    """A part of the model with all its fields, each of which has a node."""

    def __init__(
        self, model: type[Part], nodes: Mapping[str, Node], label: Phrase | None = None, *, more: bool = False
    ) -> None:
        """Hold `nodes` by the fields of `model`."""
        super().__init__(label, more=more)
        self.model = model
        self.nodes = nodes

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the fields of all."""
        found: dict[str, str] = {}
        for key, node in self.nodes.items():
            found |= node.encode(value.get(key), _below(name, key), known)
        return found

    def is_same(self, fields: Fields, name: str, before: Any, known: Known) -> bool:
        """Look at each by itself."""
        return False

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return it with what came back; whatever else it has stays."""
        found = dict(before)
        for key, node in self.nodes.items():
            after = node.decode(fields, _below(name, key), before.get(key), known)
            if key in before or after != before.get(key):
                found[key] = after
        return found

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return all in their order."""
        parts = [node.control(value.get(key), _below(name, key), shown, known) for key, node in self.nodes.items()]
        return Control("whole", name, self.label, parts=parts, is_more=self.is_more)


def _below(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key

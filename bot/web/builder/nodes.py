"""Whom, by which rule, and only if: the parts of a template of which there are several kinds, as fields of a form."""

# ruff: noqa: ARG002 - a node need not look at all that it is given
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.approvals.condition import Condition
from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.approvals.sentences import said
from bot.domain.errors import BadForm, UnknownPerson
from bot.text import Phrase, t
from bot.web.builder.fields import Control, Fields, Known, Node, Option, line, with_present

_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
_HEAD = {"by": "head_of", "of": "initiator", "level": 1}
_NOBODY = {"by": "user", "id": 0}
_LONGEST_NUMBER = 40
"""Characters of a number, with its spaces."""


def whoever() -> dict[str, Any]:
    """Return whom a new entry names at first: the initiator's head."""
    return dict(_HEAD)


def person_named(text: str, known: Known) -> dict[str, Any]:
    """Return whom somebody wrote: the one of that name, or whose name has these words, or #number."""
    if not text:
        return dict(_NOBODY)
    wanted = " ".join(text.casefold().split())
    found = [each for called, each in known.people.items() if called.casefold() == wanted]
    words = set(wanted.split())
    found = found or [each for called, each in known.people.items() if words <= set(called.casefold().split())]
    number = re.fullmatch(r"#(\d{1,18})", text)
    if len(found) != 1 and number is None:
        raise UnknownPerson(text[:60])
    person = found[0] if len(found) == 1 else int(str(number and number[1]))
    return {"by": "user", "id": person} if isinstance(person, int) else {"by": "employee", "id": person}


class Whom(Node):
    """One of those whom a template names."""

    _KINDS: tuple[Option, ...] = (
        ("head", t("a head")),
        ("person", t("a person")),
        ("group", t("a group")),
        ("department", t("a department's head")),
        ("members", t("everybody in a department")),
        ("field", t("whoever stands in a field")),
    )
    _LEVELS: tuple[Option, ...] = (
        ("1", t("the head")),
        ("2", t("the head's head")),
        ("3", t("three levels up")),
        ("4", t("four levels up")),
        ("5", t("five levels up")),
    )

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the kind, and what says who of that kind."""
        kind = _kind(value)
        match kind:
            case "head":
                told = {"level": str(value.get("level", 1)), "of": line(str(value.get("of", "initiator")))}
            case "person":
                told = {"person": line(known.name_of(value["id"]))}
            case "group":
                told = {"group": line(value["name"])}
            case "field":
                told = {"field": line(value["path"])}
            case _:
                told = {"department": str(value["id"] or "")}
        return {f"{name}.by": kind} | {f"{name}.{key}": each for key, each in told.items()}

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return who was meant; of another kind than before nobody in particular yet."""
        kind = fields.get(f"{name}.by", _kind(before))

        def told(key: str, usual: str = "") -> str:
            return fields.get(f"{name}.{key}", usual).strip()

        match kind:
            case "head":
                level = told("level", "1")
                return {**_HEAD, "of": told("of") or "initiator", "level": int(level) if level.isdecimal() else level}
            case "person":
                return person_named(told("person"), known)
            case "group":
                return {"by": "group", "name": told("group")}
            case "field":
                return {"by": "field", "path": _key(told("field"), known)}
            case _:
                number = told("department")
                who = "members" if kind == "members" else "head"
                return {"by": "department", "id": int(number) if re.fullmatch(r"\d{1,18}", number) else 0, "who": who}

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return the kind, and beside it what says who."""
        kind = _kind(value)

        def one(key: str, how: str, label: Phrase, options: tuple[Option, ...] = ()) -> Control:
            present = shown.get(f"{name}.{key}", "")
            return Control(how, f"{name}.{key}", label, present, with_present(options, present) if options else ())

        match kind:
            case "head":
                of = (
                    ("initiator", t("of whoever asks")),
                    *((key, t("of whoever stands in “{field}”", field=title)) for key, title in known.fields.items()),
                )
                parts = [
                    one("level", "choice", t("which head"), self._LEVELS),
                    one("of", "choice", t("whose head"), of),
                ]
            case "person":
                parts = [one("person", "people", t("name"))]
            case "group":
                parts = [one("group", "choice", t("which group"), (("", t("choose")), *known.groups.items()))]
            case "field":
                parts = [one("field", "names", t("which field"))]
            case _:
                parts = [
                    one("department", "choice", t("which department"), (("", t("choose")), *known.departments.items()))
                ]
        chosen = Control("kind", f"{name}.by", t("who"), shown.get(f"{name}.by", kind), self._KINDS)
        return Control("whom", name, self.label, parts=(chosen, *parts), is_more=self.is_more)


def _kind(value: Mapping[str, Any]) -> str:
    match value["by"]:
        case "head_of":
            return "head"
        case "user" | "employee":
            return "person"
        case "department":
            return "members" if value.get("who") == "members" else "department"
        case other:
            return str(other)


def _key(text: str, known: Known) -> str:
    """Return the key of a field whose title somebody wrote."""
    return next((key for key, title in known.fields.items() if title.casefold() == text.casefold()), text)


class ByRule(Node):
    """How many approvals approve."""

    _KINDS: tuple[Option, ...] = (
        ("all", t("everybody must approve")),
        ("any", t("one approval is enough")),
        ("first", t("the first answer decides")),
        ("quorum", t("so many approvals at least")),
        ("percent", t("at least so many per cent")),
    )
    _NUMBERS: Mapping[str, tuple[str, int]] = {"quorum": ("n", 2), "percent": ("min", 60)}

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the kind, and its number."""
        key, usual = self._NUMBERS.get(value["type"], ("", 0))
        return {f"{name}.type": value["type"]} | ({f"{name}.{key}": line(str(value.get(key, usual)))} if key else {})

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return the rule."""
        kind = fields.get(f"{name}.type", before["type"])
        key, usual = self._NUMBERS.get(kind, ("", 0))
        if not key:
            return {"type": kind}
        text = fields.get(f"{name}.{key}", str(usual)).strip()
        return {"type": kind, key: int(text) if re.fullmatch(r"\d{1,6}", text) else text}

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return the kind, and its number beside it."""
        key, _ = self._NUMBERS.get(value["type"], ("", 0))
        parts = [Control("kind", f"{name}.type", self.label, shown.get(f"{name}.type", ""), self._KINDS)]
        if key:
            parts.append(Control("number", f"{name}.{key}", t("how many"), shown.get(f"{name}.{key}", "")))
        return Control("whom", name, self.label, parts=parts)


class Vetoes(Node):
    """Whose rejection is final: nobody's, anybody's, or that of some."""

    _KINDS: tuple[Option, ...] = (
        ("none", t("nobody's alone")),
        ("anyone", t("anybody's")),
        ("some", t("of those named here")),
    )
    each = Whom()

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the kind, and those who are named."""
        if isinstance(value, str):
            return {f"{name}.kind": value}
        found = {f"{name}.kind": "some"}
        for number, one in enumerate(value):
            found |= self.each.encode(one, f"{name}.{number}", known)
        return found

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return whose it is."""
        kind = fields.get(f"{name}.kind", "none")
        if kind != "some":
            return kind
        if isinstance(before, str):
            return [whoever()]
        return [self.each.decode(fields, f"{name}.{number}", one, known) for number, one in enumerate(before)]

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return the kind, and those who are named below."""
        chosen = Control("kind", f"{name}.kind", self.label, shown.get(f"{name}.kind", ""), self._KINDS)
        parts = [chosen]
        if not isinstance(value, str):
            named = [self.each.control(one, f"{name}.{at}", shown, known) for at, one in enumerate(value)]
            parts.append(Control("many", name, parts=named, adds=t("person or group")))
        return Control("lines_of", name, self.label, parts=parts, is_more=self.is_more)


class OnlyIf(Node):
    """When a stage is needed: a list joined by “and” or “or”, groups of one level in it. What is deeper is JSON."""

    _JOINS: tuple[Option, ...] = (("and", t("all of these hold")), ("or", t("one of these holds")))
    _TESTS: tuple[Option, ...] = (
        ("eq", t("is")), ("ne", t("is not")), ("lt", t("less than")), ("le", t("at most")), ("gt", t("more than")),
        ("ge", t("at least")), ("in", t("is one of")), ("empty", t("is empty")), ("changed", t("has changed")),
    )  # fmt: skip

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return a list as its entries, what is deeper as JSON, nothing where there is no condition."""
        if value is None:
            return {}
        listed = entries(value)
        if listed is None:
            return {f"{name}.json": json.dumps(value, ensure_ascii=False)}
        op, items = listed
        found = {f"{name}.op": op}
        for number, item in enumerate(items):
            if item["op"] == "cmp":
                found |= self._compared(item, f"{name}.{number}")
                continue
            found[f"{name}.{number}.op"] = item["op"]
            for place, one in enumerate(item["args"]):
                found |= self._compared(one, f"{name}.{number}.{place}")
        return found

    @staticmethod
    def _compared(this: Mapping[str, Any], name: str) -> dict[str, str]:
        return {
            f"{name}.field": line(this["field"]),
            f"{name}.test": this["test"],
            f"{name}.value": line(written(this.get("value"))),
        }

    def read(self, fields: Fields, name: str, before: Any, known: Known) -> Any:
        """Return the condition; JSON that is none is told."""
        if before is None:
            return None
        listed = entries(before)
        if listed is None:
            return _condition_in(fields.get(f"{name}.json", ""), f"{name}.json")
        items: list[Any] = []
        for number, item in enumerate(listed[1]):
            at = f"{name}.{number}"
            if item["op"] == "cmp":
                items.append(self._one(fields, at, item, known))
                continue
            args = [self._one(fields, f"{at}.{place}", one, known) for place, one in enumerate(item["args"])]
            items.append({"op": fields.get(f"{at}.op", item["op"]), "args": args})
        return joined(fields.get(f"{name}.op", listed[0]), items)

    def _one(self, fields: Fields, name: str, before: Mapping[str, Any], known: Known) -> dict[str, Any]:
        sent = {key: each for key, each in fields.items() if key.startswith(f"{name}.")}
        if sent == self._compared(before, name):
            return dict(before)
        field = _key(fields.get(f"{name}.field", "").strip(), known)
        test = fields.get(f"{name}.test", "eq")
        text = fields.get(f"{name}.value", "")
        if (
            field == before["field"]
            and text == line(written(before.get("value")))
            and test not in {"in", "empty", "changed"}
            and before["test"] not in {"in", "empty", "changed"}
        ):
            return {"op": "cmp", "field": field, "test": test, "value": before.get("value")}
        return {
            "op": "cmp",
            "field": field,
            "test": test,
            "value": value_in(text.strip(), test, known.kinds.get(field, "")),
        }

    def control(self, value: Any, name: str, shown: Fields, known: Known) -> Control:
        """Return a row a comparison; what is deeper as a sentence with its JSON."""
        if value is None:
            return Control("only_if", name, self.label)
        listed = entries(value)
        if listed is None:
            try:
                sentence = said(_CONDITION.validate_python(value))
            except ValidationError:
                sentence = t("a condition that is not right yet")
            text = Control("lines", f"{name}.json", t("as JSON"), shown.get(f"{name}.json", ""))
            return Control("only_if", name, self.label, parts=(text,), say=sentence)
        rows: list[Control] = []
        for number, item in enumerate(listed[1]):
            at = f"{name}.{number}"
            if item["op"] == "cmp":
                rows.append(self._row(at, shown, known))
                continue
            inner = [self._row(f"{at}.{place}", shown, known) for place in range(len(item["args"]))]
            join = Control("choice", f"{at}.op", t("in this group"), shown.get(f"{at}.op", ""), self._JOINS)
            rows.append(Control("together", at, parts=(join, *inner), adds=t("comparison")))
        join = Control("choice", f"{name}.op", t("only if"), shown.get(f"{name}.op", ""), self._JOINS)
        return Control("only_if", name, self.label, parts=(join, *rows), adds=t("comparison"))

    def _row(self, name: str, shown: Fields, known: Known) -> Control:
        field = shown.get(f"{name}.field", "")
        others = {} if field in known.fields else {field: field}
        kind = "choice" if known.fields else "names"
        parts = (
            Control(kind, f"{name}.field", t("field"), field, tuple({**known.fields, **others}.items())),
            Control("choice", f"{name}.test", t("how it compares"), shown.get(f"{name}.test", ""), self._TESTS),
            Control("text", f"{name}.value", t("with what"), shown.get(f"{name}.value", "")),
        )
        return Control("compared", name, parts=parts)


def entries(condition: Mapping[str, Any]) -> tuple[str, list[Any]] | None:
    """Return how the entries of a condition are joined, and the entries; None for one that is deeper than a list."""
    if condition["op"] == "cmp":
        return "and", [condition]
    if condition["op"] == "not":
        return None
    items = condition["args"]
    for each in items:
        if each["op"] == "not" or (each["op"] != "cmp" and any(one["op"] != "cmp" for one in each["args"])):
            return None
    return condition["op"], list(items)


def joined(op: str, items: list[Any]) -> Any:
    """Return a condition of entries; None of none, a lone comparison as itself."""
    kept = [each for each in items if each["op"] == "cmp" or each["args"]]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 and kept[0]["op"] == "cmp" else {"op": op, "args": kept}


def written(value: Any) -> str:
    """Write the value of a comparison so that it is read as the same one, whatever type its field has."""
    match value:
        case None:
            return ""
        case list():
            return ", ".join(written(each) for each in value)
        case str():
            is_plain = value and value == value.strip() and not re.search(r'[,"\r\n]', value) and _is_itself(value)
            return value if is_plain else json.dumps(value, ensure_ascii=False)
        case bool():
            return json.dumps(value)
        case _:
            return str(value)


def _is_itself(text: str) -> bool:
    try:
        return bool(value_in(text, "eq", "") == text)
    except BadForm:
        return False


def _number(text: str) -> float:
    """Return a number of JSON; what is no finite one is not taken."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def value_in(text: str, test: str, kind: str) -> Any:
    """Return the value that somebody typed: a number where its field is one or where it looks like one, else a text."""
    if test in {"empty", "changed"} and not text:
        return None
    if test == "in":
        return [value_in(each.strip(), "eq", kind) for each in _parted(text)]
    if not text:
        return None
    number = (
        re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
        if re.fullmatch(r"[+-]?[\d\s\u00a0\u202f]+([.,]\d+)?", text)
        else ""
    )
    looks_like_one = number or re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text)
    if looks_like_one and kind in {"", "number", "money"}:
        if len(text) > _LONGEST_NUMBER or not math.isfinite(float(number or text)):
            raise BadForm(t("That could not be read. Please look at it and send it again; nothing was changed."))
        if number:
            return float(number) if "." in number else int(number)
    if (
        text in {"true", "false", "null"}
        or text.startswith('"')
        or (re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) and not kind)
    ):
        try:
            return parsed(text)
        except NotJson:
            return text
    return text


def _parted(text: str) -> list[str]:
    """Part a list at its commas; those inside quotes are part of a text."""
    found = re.findall(r'\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)', text)
    return [each.strip() for each in found if each.strip()]


def _condition_in(text: str, name: str) -> Any:
    if not text.strip():
        return None
    try:
        parsed(text)
        form = json.loads(text, parse_float=_number, parse_constant=_no_constant)
        _CONDITION.validate_python(form)
    except (ValueError, RecursionError):
        raise BadForm(t("This condition cannot be read as JSON: check its brackets, commas and names."), name) from None
    return form

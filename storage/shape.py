"""A dataclass ⇄ the columns of its table, by name: a new column stands in the schema, its field in the dataclass."""

import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Table

from storage.rows import clean, instant, millis

_Thing = TypeVar("_Thing")


class Form(NamedTuple):
    """How a value is held: what makes it of what the database gives, and the other way; None where it is the same."""

    read: Callable[[Any], Any] | None = None
    write: Callable[[Any], Any] | None = None


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


_FORMS: dict[Any, Form] = {
    bool: Form(bool),  # SQLite has numbers
    str: Form(None, clean),
    datetime: Form(instant, millis),
    date: Form(date.fromisoformat, date.isoformat),
    timedelta: Form(lambda seconds: timedelta(seconds=seconds), _seconds),
}


def _form(kind: Any) -> tuple[Form, bool]:
    """Return how values of a type are held, and whether there may be none."""
    inner = [each for each in get_args(kind) if each is not types.NoneType]
    if get_origin(kind) in (Union, types.UnionType) and len(inner) == 1:
        return _form(inner[0])[0], True
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Form(kind, attrgetter("value")), False
    return _FORMS.get(kind, Form()), False


class _Field(NamedTuple):
    """A field, its column and the column's place among those of the table, and how its values are held."""

    name: str
    column: str
    place: int
    form: Form
    may_be_none: bool


class Shape(Generic[_Thing]):
    """How things of a dataclass lie in rows of a table, all of whose columns are read in its order.

    Functions are written once for each shape, as `dataclasses` does: rows are many, and going through a list of fields
    for each takes twice as long.
    """

    def __init__(
        self,
        kind: type[_Thing],
        table: Table,
        *,
        names: Mapping[str, str] | None = None,
        forms: Mapping[str, Form] | None = None,
        without: Collection[str] = (),
    ) -> None:
        """Find each field's column: of its name, or of the one in `names`; those that no column has are `without`.

        `forms` tells how fields are held whose type does not say it, none at all as well.
        """
        self._kind = kind
        self._without = without
        kinds = get_type_hints(kind)
        places = {column.name: place for place, column in enumerate(table.c)}
        self._fields = []
        for name in (each.name for each in fields(kind) if each.name not in without):  # type: ignore[arg-type]
            column = (names or {}).get(name, name)
            form, may_be_none = (forms[name], False) if forms and name in forms else _form(kinds[name])
            self._fields.append(_Field(name, column, places[column], form, may_be_none))
        self.read: Callable[..., _Thing] = self.reader()
        """Makes the thing of a row; keywords are what no column has."""
        self.values: Callable[[_Thing], dict[str, Any]] = self._writer()
        """Returns the columns of a thing."""

    def reader(self, at: int = 0) -> Callable[..., _Thing]:
        """Return what makes a thing of a row in which the columns of the table begin at that place."""
        ways = [_changed(f"row[{at + each.place}]", "read", each, each.form.read) for each in self._fields]
        # By place, which is quicker, up to the first field that no column has.
        every = [each.name for each in fields(self._kind)]  # type: ignore[arg-type]
        in_place = {each.name for each, name in zip(self._fields, every, strict=False) if each.name == name}
        named = zip(self._fields, ways, strict=True)
        parts = [way if each.name in in_place else f"{each.name}={way}" for each, way in named]
        parts += [f"{name}={name}" for name in self._without]
        known = {f"read_{each.name}": each.form.read for each in self._fields}
        takes = ", ".join(["row", *(["*", *self._without] if self._without else [])])
        text = f"lambda {takes}: kind({', '.join(parts)})"
        return cast("Callable[..., _Thing]", _written(text, {**known, "kind": self._kind}))

    def _writer(self) -> Any:
        ways = [_changed(f"thing.{each.name}", "write", each, each.form.write) for each in self._fields]
        parts = [f"{each.column!r}: {way}" for each, way in zip(self._fields, ways, strict=True)]
        known = {f"write_{each.name}": each.form.write for each in self._fields}
        return _written(f"lambda thing: {{{', '.join(parts)}}}", known)


def _changed(value: str, way: str, each: _Field, change: Callable[[Any], Any] | None) -> str:
    """Write how a value is changed on its way."""
    if change is None:
        return value
    if each.may_be_none:
        return f"(None if (value := {value}) is None else {way}_{each.name}(value))"
    return f"{way}_{each.name}({value})"


def _written(text: str, known: Mapping[str, Any]) -> Any:
    """Return the function of a text that is made of names in our own code, and of nothing else."""
    return eval(text, dict(known))  # noqa: S307

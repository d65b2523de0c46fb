"""A dataclass and its table know each other by name: what is in both is stored, and nothing else has to name it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text

from storage.shape import Form, Shape


class Kind(StrEnum):
    """A kind of a test."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Thing:
    """One field of each type that is stored."""

    id: int
    kind: Kind
    name: str
    day: date
    at: datetime
    length: timedelta
    is_on: bool
    until: date | None = None
    note: str | None = None
    pair: tuple[int, ...] = ()
    extra: str = ""


THINGS = Table(
    "thing",
    MetaData(),
    Column("note", Text),
    Column("id", BigInteger),
    Column("owner", BigInteger),
    Column("pair", Text),
    Column("kind", Text),
    Column("name", Text),
    Column("day", Text),
    Column("at", BigInteger),
    Column("seconds", Integer),
    Column("is_on", Boolean),
    Column("until", Text),
)
PAIR = Form(lambda text: tuple(map(int, text.split())), lambda pair: " ".join(map(str, pair)))
SHAPE = Shape(Thing, THINGS, names={"length": "seconds"}, forms={"pair": PAIR}, without=("extra",))
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FULL = Thing(7, Kind.TWO, "Ann", date(2026, 11, 20), AT, timedelta(minutes=5), True, date.min, "x", (1, 2), "e")
BARE = Thing(8, Kind.ONE, "", date.max, AT, timedelta(), False)


def rows() -> Iterator[tuple[Thing, tuple[object, ...]]]:
    """Give things, and their rows in the table's order."""
    yield FULL, ("x", 7, 99, "1 2", "two", "Ann", "2026-11-20", 1795165200000, 300, True, "0001-01-01")
    yield BARE, (None, 8, 99, "", "one", "", "9999-12-31", 1795165200000, 0, 0, None)


@pytest.mark.parametrize("place", [0, 3])
def test_read_from_any_place_of_a_row(place: int) -> None:
    """The columns are found by name wherever they stand in the table, and wherever the table begins in the row."""
    read = SHAPE.reader(place)
    for thing, row in rows():
        found = read((None,) * place + row, extra=thing.extra)
        assert thing == found
        assert all(type(getattr(thing, each.name)) is type(getattr(found, each.name)) for each in fields(Thing))


def test_written_by_name() -> None:
    """What is written has the table's names; columns of others are theirs to add."""
    for thing, row in rows():
        expected = dict(zip((column.name for column in THINGS.c), row, strict=True))
        del expected["owner"]
        assert expected == SHAPE.values(thing)


def test_what_no_database_holds_is_not_written() -> None:
    """Texts are cleaned on their way in, whichever field they are in."""
    thing = Thing(1, Kind.ONE, "A\0nn", date.max, AT, timedelta(), False, note="\ud800x")
    assert ("Ann", "?x") == (SHAPE.values(thing)["name"], SHAPE.values(thing)["note"])


def test_a_field_without_a_column_is_found_at_once() -> None:
    """A field that nobody stores does not wait for the first who misses it."""
    with pytest.raises(KeyError):
        Shape(Thing, THINGS)

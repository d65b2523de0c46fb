"""Statements: built once with SQLAlchemy Core, compiled once to the text of each dialect, run by the bare drivers.

Building and running them through SQLAlchemy costs ten times what the driver itself costs; its one source of SQL for
two databases is what we keep.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import BigInteger, BindParameter, Boolean, Column, Integer, Table, Text, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import asyncpg as postgresql_asyncpg
from sqlalchemy.sql import ClauseElement, ColumnElement

Dialect = Literal["sqlite", "postgresql"]
Build = Callable[[Callable[[Table], Any]], Any]

_ARRAYS: dict[type, str] = {BigInteger: "int8[]", Integer: "int4[]", Text: "text[]", Boolean: "bool[]"}

_DIALECTS: dict[Dialect, tuple[Callable[[], Any], Any]] = {
    "sqlite": (lambda: sqlite.dialect(paramstyle="qmark"), sqlite.insert),
    "postgresql": (postgresql_asyncpg.dialect, postgresql.insert),
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement as one database reads it: the text, its parameters in order, and their array types (PostgreSQL)."""

    sql: str
    names: tuple[str, ...]
    arrays: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]


class Statement:
    """A named statement. `build` gets the dialect's `insert`, the one construct whose conflict clause is not generic.

    `rank` orders statements of many units that run as one group: parents before children, the same tables always in
    the same order. `lock` names the parameter by which such a group is sorted, so that two groups cannot deadlock.
    `key` names the parameter by which PostgreSQL can tell which of many rows a group has changed; the column is named
    alike, without "the_". Writes that change many rows (`many`) or give rows back (`gives`) run one by one.
    """

    __slots__ = ("_compiled", "build", "gives", "key", "lock", "many", "name", "rank")

    def __init__(
        self,
        name: str,
        build: Build,
        *,
        rank: int = 0,
        lock: str = "",
        key: str = "",
        many: bool = False,
        gives: bool = False,
    ) -> None:
        """Name the statement; the name is what a log says about a slow one."""
        self.name = name
        self.build = build
        self.rank = rank
        self.lock = lock
        self.key = key
        self.many = many
        self.gives = gives
        self._compiled: dict[Dialect, Compiled] = {}

    def compile(self, dialect: Dialect) -> Compiled:
        """Return the statement in the words of a database; it is put into them once in a process."""
        if dialect not in self._compiled:
            self._compiled[dialect] = self._compile(dialect)
        return self._compiled[dialect]

    def _compile(self, dialect: Dialect) -> Compiled:
        make, insert = _DIALECTS[dialect]
        kind = make()
        element: ClauseElement = self.build(insert)
        compiled = element.compile(dialect=kind)
        names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        binds = compiled.binds  # type: ignore[attr-defined]
        arrays = tuple(_ARRAYS.get(type(binds[name].type), "?") for name in names)
        # SQLAlchemy adds a parameter of its own now and then, such as SQLite's OFFSET 0.
        own = {name: value for name, value in compiled.params.items() if value is not None}
        return Compiled(str(compiled), names, arrays, _picker(names, own))


def _picker(names: tuple[str, ...], own: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return what makes a tuple of a mapping; `itemgetter` of one name alone would give no tuple."""
    if not names:
        return lambda _: ()
    if own:
        return lambda values: tuple(values[name] if name in values else own[name] for name in names)
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return itemgetter(*names)


def others(table: Table, *kept: str) -> list[Column[Any]]:
    """Return the columns of a table but some: what a change of a row sets, be it named here or not."""
    return [each for each in table.c if each.name not in kept]


def parameters(table: Table, *kept: str) -> dict[str, Any]:
    """Return a parameter for each column but some, of its name and type."""
    return {each.name: bindparam(each.name, type_=each.type) for each in others(table, *kept)}


def excluded(statement: Any, *kept: str) -> dict[str, Any]:
    """Return what an insert that finds its row there sets instead: every column but some."""
    return {each.name: statement.excluded[each.name] for each in others(statement.table, *kept)}


def text_of(name: str) -> BindParameter[str]:
    """Return a text parameter."""
    return bindparam(name, type_=Text())


def number(name: str) -> BindParameter[int]:
    """Return a whole-number parameter."""
    return bindparam(name, type_=BigInteger())


def flag(name: str) -> BindParameter[bool]:
    """Return a yes-or-no parameter."""
    return bindparam(name, type_=Boolean())


def word(value: str) -> ColumnElement[str]:
    """Return a constant that stands in the text itself: only so do databases match it with a partial index."""
    return literal_column(f"'{value}'", Text())


def whole(value: int) -> ColumnElement[int]:
    """Return a whole number that stands in the text itself."""
    return literal_column(str(value), BigInteger())

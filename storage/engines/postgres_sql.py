"""PostgreSQL's texts of a statement: alone, for many parameter sets at once, and telling which rows it changed."""

import re
from typing import NamedTuple

from storage.engines.statement import Compiled, Statement

_PLACE = re.compile(r"\$(\d+)")


class Texts(NamedTuple):
    """A compiled statement, the text that reads for many callers in one round trip, and the one that names its rows."""

    compiled: Compiled
    many: str
    telling: str


def texts_of(statement: Statement) -> Texts:
    """Return the texts of a statement.

    The reading one joins a table of parameter sets to the statement, row by row: one round trip and one plan for as
    many callers as wait. Its first column is the number of the set. An ordered sub-select keeps its order.
    """
    compiled = statement.compile("postgresql")
    names = ", ".join(["n", *(f"p{place + 1}" for place in range(len(compiled.names)))])
    arrays = ", ".join(f"${place + 1}::{kind}" for place, kind in enumerate(("int4[]", *compiled.arrays)))
    inner = _PLACE.sub(r"k.p\1", compiled.sql)
    many = f"SELECT k.n, q.* FROM unnest({arrays}) AS k({names}) CROSS JOIN LATERAL ({inner}) AS q"  # noqa: S608
    telling = f"{compiled.sql} RETURNING {statement.key.removeprefix('the_')}" if statement.key else ""
    return Texts(compiled, many, telling)

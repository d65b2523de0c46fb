"""Everything that is stored about one person ⇄ rows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.people.employee import Employee
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.rows import instant
from storage.sql import privacy

_JSON = frozenset({"payload", "body", "breaks", "say", "said", "state", "form", "result"})
"""Columns that may hold JSON."""


class Privacy(Part):
    """A person's data as a whole."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._erased: dict[int, Employee] = {}

    async def everything(self, employee: Employee) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return every row about the person, by kind, as plain values."""
        values = _values(employee)
        found = await self._engine.read([Read(statement, values) for statement in privacy.READS.values()])
        return {
            kind: [_plain(privacy.COLUMNS[kind], row) for row in rows]
            for kind, rows in zip(privacy.READS, found, strict=True)
        }

    def erase(self, employee: Employee) -> None:
        """Note that all of it goes but the nameless row that others refer to."""
        self._erased[employee.id] = employee

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._erased.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [Write(statement, _values(each)) for each in self._erased.values() for statement in privacy.ERASE]


def _values(employee: Employee) -> dict[str, Any]:
    return {"portal_id": employee.portal_id, "employee_id": employee.id, "lane": f"e:{employee.id}"}


def _plain(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in zip(columns, row, strict=True)}


def _value(name: str, value: Any) -> Any:
    """Return a value that a person can read: instants in ISO 8601, JSON as what it holds, ids as text."""
    if isinstance(value, int) and (name == "at" or name.endswith("_at")):
        return instant(value).isoformat()
    if name in _JSON and isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    if isinstance(value, int) and (name == "id" or name.endswith(("_id", "_by"))):
        return str(value)
    return value

"""What turns and looks ask grows with what they are about, never with what was recorded over the years."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import storage.sql
from storage.engines.sqlite_file import connect
from storage.engines.statement import Statement
from storage.sql import routed, tidying
from tests.storage.given import NewUrl

WHOLE = {
    "active portals",
    "portals",
    "drop old dialogs",
    "drop old links",
    "purge attachments",
    "drop past portal absences",
    "failing jobs",
    "grants for a purpose",
    "renew duties",
    "sealed application tokens",
    "sealed vault values",
    "sealed webhook secrets",
    "sealed former webhook secrets",
    "portals not heard",
}
"""Read whole tables, for these hold few rows, and no turn waits for them."""
AT_START = {
    "release jobs",
    "release own jobs",
    "release duties",
    "release own duties",
    "release errands",
    "release own errands",
    "release deliveries",
    "release own deliveries",
}


def statements() -> list[Statement]:
    """Return every statement of the program."""
    modules = [
        importlib.import_module(f"storage.sql.{each.name}") for each in pkgutil.iter_modules(storage.sql.__path__)
    ]
    found = {each.name: each for module in modules for each in vars(module).values() if isinstance(each, Statement)}
    return [each for name, each in sorted(found.items()) if name not in WHOLE | AT_START]


async def test_sqlite_reads_no_table_from_end_to_end(new_url: NewUrl) -> None:
    """Every statement finds its rows by a key or an index."""
    url = await new_url("sqlite")
    connection = connect(Path(url.removeprefix("sqlite:///")))
    scanned = {}
    for each in statements():
        compiled = each.compile("sqlite")
        plan = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", [1] * len(compiled.names)).fetchall()
        steps = [row[3] for row in plan]
        whole = [step for step in steps if step.startswith("SCAN") and "USING" not in step and "chosen" not in step]
        if [step for step in whole if step != "SCAN CONSTANT ROW"]:
            scanned[each.name] = whole
    connection.close()
    assert {} == scanned


async def test_postgres_has_an_index_for_each(new_url: NewUrl) -> None:
    """Where it may not read tables from end to end, it does not have to."""
    connection: Any = await asyncpg.connect(await new_url("postgres"))
    try:
        await connection.execute("SET enable_seqscan = off")
        scanned = {}
        for each in statements():
            compiled = each.compile("postgresql")
            prepared = await connection.prepare(compiled.sql)
            values = [_value(parameter.name) for parameter in prepared.get_parameters()]
            whole = list(_scans((await prepared.explain(*values))[0]["Plan"]))
            if whole:
                scanned[each.name] = whole
        assert {} == scanned
    finally:
        await connection.close()


@pytest.mark.parametrize("name", ["absences between days", "absences of a day"])
async def test_absences_that_are_over_are_not_read(new_url: NewUrl, name: str) -> None:
    """A look asks for what is not over: it begins at that day, however many years lie before it."""
    url = await new_url("sqlite")
    connection = connect(Path(url.removeprefix("sqlite:///")))
    [statement] = [each for each in statements() if each.name == name]
    compiled = statement.compile("sqlite")
    [step, *_] = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", [1] * len(compiled.names)).fetchall()
    connection.close()
    assert "(portal_id=? AND last>?)" in step[3]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (routed.ASKED_ABOUT, "ix_routed_request_about"),
        (routed.OBJECTS, "ix_routed_request_about"),
        (routed.OPEN_OF_OBJECT[0], "ix_routed_request_about"),
        (routed.OPEN_ABOUT[0], "uq_routed_request_open"),
        (routed.OPEN_OF[0], "uq_routed_request_open"),
        (tidying.DROP_GONE_RULES, "ix_automation_rule_gone"),
    ],
    ids=lambda given: given.name if isinstance(given, Statement) else "",
)
async def test_only_what_is_open_is_read(new_url: NewUrl, statement: Statement, index: str) -> None:
    """Each update of a deal asks for open requests about it: those that have ended are none of its business."""
    url = await new_url("sqlite")
    connection = connect(Path(url.removeprefix("sqlite:///")))
    compiled = statement.compile("sqlite")
    plan = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", [1] * len(compiled.names)).fetchall()
    connection.close()
    assert any(index in row[3] for row in plan), plan


def _value(kind: str) -> object:
    return {"text": "x", "varchar": "x", "bool": True, "bytea": b"x"}.get(kind, 1)


def _scans(plan: dict[str, Any]) -> Any:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for each in plan.get("Plans", ()):
        yield from _scans(each)

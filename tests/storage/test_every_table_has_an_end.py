"""Nothing grows for ever without a reason: each table is tidied, ends with what it is for, or says why it stays."""

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Delete

import storage.sql
from storage.engines.engine import Read, Result, Write
from storage.engines.statement import Statement
from storage.schema import metadata
from storage.tidying import Tidying

TIDIED = frozenset(
    {
        "account_message", "api_repeat", "attachment", "automation_rule", "dialog", "entrance", "errand",
        "file_content", "happening", "hook_delivery", "inbox", "link", "native_task", "object_request",
        "object_sighting", "outbox",
        "portal_absence", "process_call", "routed_file", "rule_firing", "sign_in", "slot", "web_session",
    }
)  # fmt: skip
"""Tidying deletes what is of no more use of these."""
ENDS = {
    "duty": ("RELEASE_DUTY", "whoever has it gives it back; as many as there are bots and portals"),
    "job": ("JOB_DONE", "a job is gone when it is done"),
    "object_hint": ("DROP_LOOKED", "a hint is gone when its object was looked at"),
    "object_watch": ("DROP_WATCH", "as many as rules look at"),
    "reminder": ("DROP_TOLD", "digests drop what was told of old days"),
    "delay": ("DROP_DELAYS", "digests drop those of past days"),
    "absence": ("REMOVE_ABSENCE", "a leave that is taken back; else kept as long as the person's hours"),
    "calendar_day": ("REMOVE_CALENDAR_DAY", "as the other days of a plan"),
    "entitlement": ("DROP_ENTITLEMENTS", "a line of a person's rule is replaced by the next"),
    "approval_holder": ("DROP_HOLDERS", "who has a seat goes when another has it"),
    "installation": ("DROP_INSTALLATION", "the application is removed"),
    "portal_grant": ("DROP_GRANTS", "the application is removed"),
    "people_group": ("REMOVE_GROUP", "somebody removes it"),
    "group_member": ("CLEAR_GROUP", "it is written anew whole"),
    "identity": ("REMOVE_IDENTITY", "an account is unlinked"),
    "planned_date": ("REMOVE_DATE", "a plan is taken back; else kept as the hours that follow from it"),
    "substitute": ("DROP_SUBSTITUTE", "a substitution is taken back"),
    "template_example": ("DROP_EXAMPLE", "somebody removes it"),
    "webhook": ("DROP_WEBHOOK", "somebody removes it"),
    "work_session": ("REMOVE_SESSION", "what punches mean is derived anew"),
}
"""Another statement deletes of these, with what they are for."""
KEPT = {
    "audit": "who changed what of others' hours has to be told for years",
    "punch": "a working day is never changed or deleted; a person's data are erased at the portal's term",
    "approval_request": "what was decided is the record that hours rest on",
    "approval_seat": "of a request's record",
    "approval_ballot": "of a request's record",
    "approval_event": "of a request's record",
    "routed_request": "what was decided is the record",
    "routed_seat": "of a request's record",
    "routed_asked": "of a request's record",
    "routed_event": "of a request's record",
    "overtime": "what was approved is counted in every account of its days",
    "opening": "balances of leave begin there",
    "closing": "one a department and month: which hours are fixed",
    "confirmation": "one a person and month: who said that the hours are right",
    "employment": "a stretch or a few a person: since when there is a norm",
    "schedule": "hours of past days are counted by it",
    "department": "as many as a portal has",
    "employee": "as many as a portal has; one who left has a record of hours",
    "portal": "as many as there are",
    "portal_host": "as many as portals",
    "portal_workday": "one a person, written over each day",
    "approval_template": "versions that requests went by are never changed or deleted",
    "template_draft": "one a template, emptied when it is published",
    "api_key": "a revoked key is named in the record of what it did",
    "feed": "one a person, while they want their calendar elsewhere",
    "feed_head": "one a portal",
    "vault": "named values of the installation, each written over",
}
"""Nothing deletes of these, for that reason."""


def test_each_table_has_its_line() -> None:
    """A new table gets one, and it is one only."""
    lines = [*TIDIED, *ENDS, *KEPT]
    assert set(lines) == set(metadata.tables)
    assert len(lines) == len(set(lines))


async def test_tidying_tidies_what_is_said() -> None:
    """Those tables, and none besides."""
    everything = _Everything()
    await Tidying(everything, lambda: 10**12).run()  # type: ignore[arg-type]
    assert everything.deleted == TIDIED


def test_what_ends_otherwise_does() -> None:
    """A statement of that name deletes of the table; of what is kept none does."""
    found: dict[str, set[str]] = {}
    for module in pkgutil.iter_modules(storage.sql.__path__):
        for name, each in vars(importlib.import_module(f"storage.sql.{module.name}")).items():
            if isinstance(each, Statement) and (table := _deleted_by(each)):
                found.setdefault(table, set()).add(name)
    assert [table for table, (name, _) in ENDS.items() if name not in found.get(table, ())] == []
    assert [table for table in KEPT if table in found] == []


def _deleted_by(statement: Statement) -> str:
    """Return the table of which a statement deletes; nothing where it does something else."""
    built = statement.build(sqlite.insert)
    return str(built.table) if isinstance(built, Delete) else ""


class _Everything:
    """A database where each table that is gone through has one row."""

    def __init__(self) -> None:
        self.deleted: set[str] = set()
        self._seen: set[str] = set()

    async def read(self, plan: Sequence[Read]) -> list[list[tuple[int, ...]]]:
        return [self._rows(each) for each in plan]

    def _rows(self, asked: Read) -> list[tuple[int, ...]]:
        is_page = "size" in asked.values and asked.statement.name not in self._seen
        self._seen.add(asked.statement.name)
        built: Any = asked.statement.build(sqlite.insert)
        return [tuple(1 for _ in built.selected_columns)] if is_page else []

    async def write(self, unit: Sequence[Write]) -> list[Result]:
        self.deleted |= {_deleted_by(each.statement) for each in unit} - {""}
        return [Result(0) for _ in unit]

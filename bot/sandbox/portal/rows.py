"""What the portal keeps in the sandbox's database: rows of JSON by kind, files, settings, and ids that never repeat."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Literal
from zlib import crc32

from bot.sandbox.companies import MAIN

Kind = Literal[
    "bot",
    "command",
    "chat",
    "message",
    "event",
    "place",
    "file",
    "notice",
    "held",
    "handler",
    "placement",
    "account",
    "department",
    "absence",
    "deal",
    "lead",
    "dynamic_180",
    "comment",
    "stage_move",
    "task",
    "result",
    "process",
    "robot",
    "run",
    "workday",
    "trigger",
    "process_task",
]

# Ids start high, and apart from one another, so that one kind taken for another is noticed.
FIRST_IDS: dict[Kind, int] = {
    "bot": 805_120,
    "command": 20_701,
    "chat": 61_001,
    "message": 88_120_001,
    "event": 7_031_001,
    "place": 1,
    "file": 410_001,
    "notice": 33_001,
    "handler": 811,
    "placement": 51,
    "absence": 91,
    "deal": 4_701,
    "lead": 2_301,
    "dynamic_180": 6_101,
    "comment": 7_701,
    "stage_move": 3_101,
    "task": 5_201,
    "result": 1_901,
    "process": 1,
    "robot": 61,
    "run": 1,
    "workday": 1_701,
    "trigger": 71,
    "process_task": 9_101,
}
_BLOCK = 1000


class Rows:
    """Write-through storage: each change is on disk before the call returns."""

    def __init__(self, db: sqlite3.Connection, portal: str = MAIN) -> None:
        """Make the tables if they are not there. What is not the main portal's is kept under the name of its own."""
        self._db = db
        self._prefix = "" if portal == MAIN else f"{portal}:"
        self._first_file = 0 if portal == MAIN else crc32(portal.encode()) << 31
        db.execute(
            "CREATE TABLE IF NOT EXISTS portal_rows"
            " (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        db.execute("CREATE TABLE IF NOT EXISTS portal_files (id INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        db.execute("CREATE TABLE IF NOT EXISTS portal_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        self._next: dict[Kind, int] = {}
        self._reserved: dict[Kind, int] = {}

    def put(self, kind: Kind, row_id: int, body: Any) -> None:
        """Insert or replace a row."""
        row = (self._prefix + kind, row_id, json.dumps(body))
        self._db.execute("INSERT OR REPLACE INTO portal_rows VALUES (?, ?, ?)", row)

    def drop(self, kind: Kind, row_ids: Iterable[int]) -> None:
        """Delete rows, all or none."""
        rows = [(self._prefix + kind, each) for each in row_ids]
        self._db.execute("BEGIN")
        self._db.executemany("DELETE FROM portal_rows WHERE kind = ? AND id = ?", rows)
        self._db.execute("COMMIT")

    def all(self, kind: Kind) -> Iterator[tuple[int, Any]]:
        """Yield the rows of a kind by id."""
        named = (self._prefix + kind,)
        for row_id, body in self._db.execute("SELECT id, body FROM portal_rows WHERE kind = ? ORDER BY id", named):
            yield row_id, json.loads(body)

    def put_file(self, file_id: int, content: bytes) -> None:
        """Keep the content of a file."""
        self._db.execute("INSERT INTO portal_files VALUES (?, ?)", (self._first_file + file_id, content))

    def file(self, file_id: int) -> bytes | None:
        """Return the content of a file."""
        place = (self._first_file + file_id,)
        found = self._db.execute("SELECT content FROM portal_files WHERE id = ?", place).fetchone()
        return bytes(found[0]) if found else None

    def setting(self, name: str, default: str) -> str:
        """Return a setting; the first time, `default` becomes its value."""
        full = self._prefix + name
        self._db.execute("INSERT OR IGNORE INTO portal_settings VALUES (?, ?)", (full, default))
        return str(self._db.execute("SELECT value FROM portal_settings WHERE name = ?", (full,)).fetchone()[0])

    def set(self, name: str, value: str) -> None:
        """Change a setting."""
        self._db.execute("INSERT OR REPLACE INTO portal_settings VALUES (?, ?)", (self._prefix + name, value))

    def next_id(self, kind: Kind) -> int:
        """Return a fresh id. Ids are reserved in blocks, so that a killed process never hands one out again."""
        if kind not in self._next:
            self._next[kind] = self._reserved[kind] = int(self.setting(f"next.{kind}", str(FIRST_IDS[kind])))
        fresh = self._next[kind]
        self.reach(kind, fresh)
        return fresh

    def reach(self, kind: Kind, taken: int) -> None:
        """See to it that the next fresh id lies above `taken`."""
        if kind not in self._next:
            self._next[kind] = self._reserved[kind] = int(self.setting(f"next.{kind}", str(FIRST_IDS[kind])))
        if taken < self._next[kind]:
            return
        self._next[kind] = taken + 1
        if self._next[kind] > self._reserved[kind]:
            self._reserved[kind] = taken + _BLOCK
            self.set(f"next.{kind}", str(self._reserved[kind]))

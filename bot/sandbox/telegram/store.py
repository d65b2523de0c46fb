"""What survives a restart: rows in the sandbox's database, written through at once."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS telegram_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS telegram_chat (id INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS telegram_message (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS telegram_update (seq INTEGER PRIMARY KEY, value TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS telegram_query (id TEXT PRIMARY KEY, asked_at REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS telegram_file (id TEXT PRIMARY KEY, value TEXT NOT NULL, content BLOB NOT NULL)",
)


class Store:
    """The emulator's tables. Values are JSON, because only this package reads them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for statement in _SCHEMA:
            db.execute(statement)

    def setting(self, name: str, default: Any) -> Any:
        """Read a setting."""
        row = self._db.execute("SELECT value FROM telegram_setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def set_setting(self, name: str, value: Any) -> None:
        """Write a setting."""
        self._db.execute("INSERT OR REPLACE INTO telegram_setting VALUES (?, ?)", (name, json.dumps(value)))

    def chats(self) -> set[int]:
        """Return the people who have written to the bot."""
        return {row[0] for row in self._db.execute("SELECT id FROM telegram_chat")}

    def add_chat(self, chat: int) -> None:
        """Remember that a person has written to the bot."""
        self._db.execute("INSERT OR IGNORE INTO telegram_chat VALUES (?)", (chat,))

    def messages(self) -> Iterator[dict[str, Any]]:
        """Every message, oldest first."""
        for row in self._db.execute("SELECT value FROM telegram_message ORDER BY id"):
            yield json.loads(row[0])

    def put_message(self, message_id: int, value: dict[str, Any]) -> None:
        """Add or replace a message."""
        self._db.execute("INSERT OR REPLACE INTO telegram_message VALUES (?, ?)", (message_id, json.dumps(value)))

    def drop_message(self, message_id: int) -> None:
        """Remove a message."""
        self._db.execute("DELETE FROM telegram_message WHERE id = ?", (message_id,))

    def updates(self) -> Iterator[tuple[int, dict[str, Any], str]]:
        """Every update that waits, in order: its place, what is known of it, and its body."""
        for seq, value, body in self._db.execute("SELECT seq, value, body FROM telegram_update ORDER BY seq"):
            yield seq, json.loads(value), body

    def put_update(self, seq: int, value: dict[str, Any], body: str) -> None:
        """Add or replace an update."""
        self._db.execute("INSERT OR REPLACE INTO telegram_update VALUES (?, ?, ?)", (seq, json.dumps(value), body))

    def drop_update(self, seq: int) -> None:
        """Remove an update."""
        self._db.execute("DELETE FROM telegram_update WHERE seq = ?", (seq,))

    def ask(self, query_id: str, asked_at: float) -> None:
        """Remember a callback query that waits for its answer."""
        self._db.execute("INSERT INTO telegram_query VALUES (?, ?)", (query_id, asked_at))

    def answer(self, query_id: str) -> float | None:
        """Take the callback query out and return when it was asked; None when it is unknown or answered."""
        row = self._db.execute("SELECT asked_at FROM telegram_query WHERE id = ?", (query_id,)).fetchone()
        self._db.execute("DELETE FROM telegram_query WHERE id = ?", (query_id,))
        return None if row is None else float(row[0])

    def put_file(self, file_id: str, value: dict[str, Any], content: bytes) -> None:
        """Keep a file."""
        self._db.execute("INSERT OR REPLACE INTO telegram_file VALUES (?, ?, ?)", (file_id, json.dumps(value), content))

    def file(self, file_id: str) -> tuple[dict[str, Any], bytes] | None:
        """Return a file: what is known of it, and its content."""
        row = self._db.execute("SELECT value, content FROM telegram_file WHERE id = ?", (file_id,)).fetchone()
        return None if row is None else (json.loads(row[0]), bytes(row[1]))

"""Codes and tokens: who got which, until when, and that a code and a refresh token work once."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import MovableClock

CODE_SECONDS = 30
ACCESS_SECONDS = 3600
REFRESH_DAYS = 180

GrantKind = Literal["code", "access", "refresh"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code or token is good for; `until` is epoch seconds."""

    kind: GrantKind
    portal: str
    user_id: int
    scope: str
    until: int


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token with the refresh token that follows it."""

    access: str
    refresh: str


class Grants:
    """Everything that was given out, kept in the world's database."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], MovableClock]) -> None:
        """Make the table if it is not there; `clock` returns the world's, which a resumed sandbox replaces."""
        self._db = db
        self._clock = clock
        db.execute("CREATE TABLE IF NOT EXISTS oauth_grants (value TEXT PRIMARY KEY, body TEXT NOT NULL)")

    def code(self, portal: str, user_id: int, scope: str) -> str:
        """Give out a code."""
        return self._put("code", portal, user_id, scope, timedelta(seconds=CODE_SECONDS))

    def pair(self, portal: str, user_id: int, scope: str) -> Pair:
        """Give out a pair of tokens."""
        access = self._put("access", portal, user_id, scope, timedelta(seconds=ACCESS_SECONDS))
        refresh = self._put("refresh", portal, user_id, scope, timedelta(days=REFRESH_DAYS))
        return Pair(access, refresh)

    def look_up(self, value: str) -> Grant | None:
        """Return what a code or token was given out for, however old it is."""
        found = self._db.execute("SELECT body FROM oauth_grants WHERE value = ?", (value,)).fetchone()
        return Grant(**json.loads(found[0])) if found else None

    def is_over(self, grant: Grant) -> bool:
        """Whether its time is over."""
        return self._now().timestamp() >= grant.until

    def take(self, value: str, kind: GrantKind) -> Grant | None:
        """Use a code or refresh token up; nothing where it is none, was used before or is too old."""
        grant = self.look_up(value)
        if grant is None or grant.kind != kind:
            return None
        self._db.execute("DELETE FROM oauth_grants WHERE value = ?", (value,))
        return None if self.is_over(grant) else grant

    def revoke(self, portal: str, user_id: int | None = None) -> None:
        """Forget what was given out for a portal, or for one person there."""
        gone = [
            value
            for value, grant in self._all()
            if grant.portal == portal and (user_id is None or grant.user_id == user_id)
        ]
        self._db.executemany("DELETE FROM oauth_grants WHERE value = ?", [(value,) for value in gone])

    def _all(self) -> Iterator[tuple[str, Grant]]:
        for value, body in self._db.execute("SELECT value, body FROM oauth_grants").fetchall():
            yield value, Grant(**json.loads(body))

    def _now(self) -> datetime:
        return self._clock().now()

    def _put(self, kind: GrantKind, portal: str, user_id: int, scope: str, length: timedelta) -> str:
        value = secrets.token_hex(24)
        grant = Grant(kind, portal, user_id, scope, int((self._now() + length).timestamp()))
        self._db.execute("INSERT INTO oauth_grants VALUES (?, ?)", (value, json.dumps(asdict(grant))))
        return value

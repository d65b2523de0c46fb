"""Tickets: what a page may go on with, signed for a short time, so that nothing has to be remembered about it here."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from bot.derived import Derived

_LONGEST = 2_048


class Tickets:
    """Makes and reads tickets for one purpose."""

    def __init__(self, derived: Derived, purpose: str, lives: timedelta) -> None:
        """Sign with a key of that purpose alone."""
        self._keys = derived.named(f"ticket {purpose}")
        self._lives = lives

    def make(self, values: Mapping[str, str], now: datetime) -> str:
        """Return a ticket for these values."""
        key_id, key = next(iter(self._keys.items()))
        body = json.dumps({**values, "until": int((now + self._lives).timestamp())}, separators=(",", ":")).encode()
        return f"{key_id}.{_text(body)}.{_text(hmac.digest(key, body, sha256))}"

    def read(self, ticket: str, now: datetime) -> Mapping[str, str] | None:
        """Return the values of a ticket; None for one that is not ours, or too old."""
        key_id, _, rest = ticket[:_LONGEST].partition(".")
        body, _, seal = rest.partition(".")
        key = self._keys.get(key_id)
        try:
            said, shown = _bytes(body), _bytes(seal)
        except ValueError:
            return None
        if key is None or not hmac.compare_digest(shown, hmac.digest(key, said, sha256)):
            return None
        values: dict[str, str] = json.loads(said)
        return values if int(values["until"]) > now.timestamp() else None


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4))

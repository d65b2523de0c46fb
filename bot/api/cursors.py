"""Where a list goes on: opaque to programs, good for one reader, one list and one filter, and made by us alone."""

import base64
import hmac
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from bot.derived import Derived

_MAC = 12
_LONGEST = 512


class Cursors:
    """Makes and reads them."""

    def __init__(self, derived: Derived) -> None:
        """Seal with a key of their own."""
        self._keys = derived.of("api cursors")

    def make(self, bound: Sequence[object], key: Sequence[Any]) -> str:
        """Return where a list goes on behind that key, for what it is bound to."""
        body = json.dumps(list(key), separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(_mac(self._keys[0], bound, body) + body).decode().rstrip("=")

    def read(self, bound: Sequence[object], text: str) -> Sequence[Any] | None:
        """Return the key behind which a list goes on; None for what is not ours, or is of another list."""
        if len(text) > _LONGEST:
            return None
        try:
            whole = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
        except ValueError:
            return None
        shown, body = whole[:_MAC], whole[_MAC:]
        if not any(hmac.compare_digest(shown, _mac(each, bound, body)) for each in self._keys):
            return None
        found: Sequence[Any] = json.loads(body)
        return found


def _mac(key: bytes, bound: Sequence[object], body: bytes) -> bytes:
    return hmac.digest(key, json.dumps([str(each) for each in bound]).encode() + b"\0" + body, sha256)[:_MAC]

"""Identifiers that grow with time and need no round trip to a database."""

import base64
import os
import random
import threading
import time
from functools import lru_cache

ID_BITS = 20
"""An id is milliseconds and that many random bits: age can be read off it."""
# Its own generator: an id need not be a secret, and asking the system for each costs more than storing it.
_random = random.Random()
os.register_at_fork(after_in_child=_random.seed)
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a 63-bit id: milliseconds since 1970 and random bits; it always grows within one process."""
    global _last  # noqa: PLW0603 - one sequence a process is the point
    candidate = (time.time_ns() // 1_000_000) << ID_BITS | _random.getrandbits(ID_BITS)
    with _lock:
        _last = max(candidate, _last + 1)
        return _last


def turn_id() -> str:
    """Return the short id by which people and the log name a turn; it need not be secret."""
    return f"{_random.getrandbits(32):08x}"


@lru_cache(maxsize=4096)
def short(number: int) -> str:
    """Return an id in 13 characters of base32."""
    return base64.b32encode(number.to_bytes(8, "big")).decode().rstrip("=")


def long(text: str) -> int:
    """Read what `short` wrote; ValueError for anything else."""
    return int.from_bytes(base64.b32decode(text + "=" * (-len(text) % 8)), "big")

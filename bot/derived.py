"""What is derived from the installation's secrets: the first of them makes, each of them is recognised.

`SECRET_KEY` may hold several secrets, the present one first, former ones behind it, so that it can be changed without
anything that was made with a former one becoming worthless: `docs/operations.md` tells how.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

SHORTEST = 32
"""Characters that a secret has at least; what is shorter is no secret of its own."""
_MOST_PIECES = 8
_ID_DIGITS = 8


def secrets_in(secret_key: str) -> tuple[str, ...]:
    """Return the secrets of a setting: the present one, then former ones.

    A comma stands between them, or white space where none of them has any. Where a secret has a comma of its own it
    cannot be told which comma is which: then every reading is recognised, and so is the text as a whole.
    """
    pieces = secret_key.split(",")
    if len(pieces) == 1:
        words = secret_key.split()
        parts = words if words and all(len(each) >= SHORTEST for each in words) else [secret_key]
        return tuple(dict.fromkeys([*parts, secret_key]))
    ends = range(1, min(len(pieces), _MOST_PIECES) + 1)
    runs = [",".join(pieces[first:end]).strip() for first in range(ends[-1]) for end in ends if end > first]
    return tuple(dict.fromkeys([_present(pieces), *(each for each in runs if len(each) >= SHORTEST), secret_key]))


def _present(pieces: Sequence[str]) -> str:
    """Return the first secret: as many pieces as it needs; all of them where what follows is no secret of its own."""
    text = ",".join(pieces)
    for end in range(1, len(pieces)):
        first, rest = ",".join(pieces[:end]).strip(), ",".join(pieces[end:]).strip()
        if len(first) >= SHORTEST:
            return first if len(rest) >= SHORTEST or not rest else text
    return text


class Derived:
    """Keys for each purpose, one of each secret."""

    def __init__(self, secret_key: str) -> None:
        """Derive from the secrets of that setting."""
        self._secrets = secrets_in(secret_key)

    def of(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys for a purpose: the first one makes, whatever one of them made is recognised."""
        return tuple(hmac.new(each.encode(), purpose.encode(), hashlib.sha256).digest() for each in self._secrets)

    def texts(self, purpose: str) -> tuple[str, ...]:
        """Return the keys as text, for what is shown to somebody and compared when it comes back."""
        return tuple(each.hex() for each in self.of(purpose))

    def named(self, purpose: str) -> Mapping[str, bytes]:
        """Return the keys for a purpose by their ids, the one that makes first.

        An id goes with what leaves the house, so that its key is found without trying each; it tells nothing of it.
        """
        return {hashlib.sha256(b"id of " + key).hexdigest()[:_ID_DIGITS]: key for key in self.of(purpose)}

    def recognises(self, purpose: str, shown: str) -> bool:
        """Whether that text was derived for the purpose."""
        return any(hmac.compare_digest(shown.encode(errors="replace"), each.encode()) for each in self.texts(purpose))

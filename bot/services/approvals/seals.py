"""Seals: what makes a button of a request worth nothing in other hands, on another channel or in another round."""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from bot.derived import Derived
from bot.domain.approvals.refusals import UnknownRequest
from bot.ids import long

_LETTERS = 11


class Seals:
    """Makes and checks the short MACs on the buttons of approval cards."""

    def __init__(self, secret_key: str) -> None:
        """Derive own keys from the installation's secrets."""
        derived = Derived(secret_key)
        self._keys = derived.of("approval buttons")
        self._link_keys = derived.of("one-time links")

    def hashes(self, token: str) -> tuple[str, ...]:
        """Return under which names a one-time link is kept: the first one is for new links.

        Eight digits are found from a bare hash in a second; without the installation's secret these tell nothing.
        """
        return tuple(hmac.new(key, token.encode(errors="replace"), sha256).hexdigest() for key in self._link_keys)

    def of(self, subject: int, action: str, round_: int, channel: str, account: str) -> str:
        """Return the MAC over seat (or request), action, round, channel and the holder's account."""
        return _mac(self._keys[0], subject, action, round_, channel, account)

    def opened(self, named: str, seal: str, what: str, round_: int, channel: str, account: str) -> int:
        """Return the seat or request that a button names.

        A button of another person, channel or round is answered like an unknown request (E37).
        """
        subject = number_of(named)
        if not self.is_genuine(seal, subject, what, round_, channel, account):
            raise UnknownRequest
        return subject

    def is_genuine(self, seal: str, subject: int, action: str, round_: int, channel: str, account: str) -> bool:
        """Whether the MAC was made for exactly this, under the present secret or a former one."""
        shown = seal.encode("utf-8", "surrogateescape")
        made = [_mac(key, subject, action, round_, channel, account).encode() for key in self._keys]
        return any(hmac.compare_digest(shown, each) for each in made)


def number_of(named: str) -> int:
    """Return the number that a button has in letters; UnknownRequest for what is none of ours."""
    try:
        found = long(named)
    except ValueError:
        raise UnknownRequest from None
    if not 0 < found < 2**63:
        raise UnknownRequest
    return found


@lru_cache(maxsize=8)
def _begun(key: bytes) -> hmac.HMAC:
    """Return a MAC that has its key and nothing else; to set one up costs more than to go on with a copy."""
    return hmac.new(key, digestmod="sha256")


def _mac(key: bytes, *parts: object) -> str:
    made = _begun(key).copy()
    made.update(".".join(map(str, parts)).encode())
    return base64.urlsafe_b64encode(made.digest()[:8]).decode().rstrip("=")[:_LETTERS]

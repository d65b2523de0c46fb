"""Seals: what makes a button of a request worth nothing in other hands, on another channel or in another round."""

import base64
import hmac
from hashlib import sha256

_LETTERS = 11


class Seals:
    """Makes and checks the short MACs on the buttons of approval cards."""

    def __init__(self, secret: str) -> None:
        """Derive an own key from the installation's secret."""
        self._key = hmac.new(secret.encode(), b"approval buttons", sha256).digest()

    def of(self, subject: int, action: str, round_: int, channel: str, account: str) -> str:
        """Return the MAC over seat (or request), action, round, channel and the holder's account."""
        text = f"{subject}.{action}.{round_}.{channel}.{account}".encode()
        digest = hmac.new(self._key, text, sha256).digest()[:8]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:_LETTERS]

    def is_genuine(self, seal: str, subject: int, action: str, round_: int, channel: str, account: str) -> bool:
        """Whether the MAC was made for exactly this."""
        wanted = self.of(subject, action, round_, channel, account)
        return hmac.compare_digest(seal.encode("utf-8", "surrogateescape"), wanted.encode())

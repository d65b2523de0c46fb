"""What Telegram signs when somebody presses the button beside the field: the address with its words behind a `#`.

Like Telegram itself the sandbox signs twice: by the bot's token, and by a key of its own, for whoever is not to know
the token (core.telegram.org/bots/webapps, “Validating data for Third-Party Use”). The service of the sandbox is given
the public half of that key in the place of Telegram's; it is made at each start, and kept nowhere.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from bot.sandbox.world import SandboxPerson

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    """The key by which this Telegram signs for everybody."""

    def __init__(self) -> None:
        """Make it when it is needed first."""
        self._made: Ed25519PrivateKey | None = None

    @property
    def _key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - slow

        self._made = self._made or Ed25519PrivateKey.generate()
        return self._made

    @property
    def public(self) -> bytes:
        """The half of it that everybody may know."""
        return self._key.public_key().public_bytes_raw()

    def signature(self, bot: str, fields: Mapping[str, str]) -> str:
        """Return the signature of these fields for a bot, by its number."""
        lines = [f"{bot}:WebAppData", *(f"{name}={fields[name]}" for name in sorted(fields))]
        return base64.urlsafe_b64encode(self._key.sign("\n".join(lines).encode())).decode().rstrip("=")


def opened(url: str, person: SandboxPerson, token: str, now: datetime, signer: Signer) -> str:
    """Return where a client goes that opens `url` for somebody."""
    user = {
        "id": person.telegram_user_id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language_code": person.locale,
        "allows_write_to_pm": True,
    }
    fields = {
        "auth_date": str(int(now.timestamp())),
        "query_id": f"AA{person.telegram_user_id}{int(now.timestamp() * 1000)}",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
    }
    fields["signature"] = signer.signature(token.partition(":")[0], fields)
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    data = urlencode({**fields, "hash": hmac.digest(key, lines.encode(), sha256).hex()}, quote_via=quote)
    behind = {"tgWebAppData": data, "tgWebAppVersion": "8.0", "tgWebAppPlatform": "web"}
    return f"{url}#{urlencode(behind, quote_via=quote)}"

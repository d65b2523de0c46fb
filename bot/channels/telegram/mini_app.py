"""What Telegram signs when it opens a page of ours in its own frame, and how that is checked.

The key is HMAC-SHA256 of the bot's token under the words `WebAppData`; signed are all fields but `hash`, one a line, in
the order of their names (core.telegram.org/bots/webapps, "Validating data").

Whoever knows the token can make that hash. Where others than the service know it, Telegram's own signature is asked
for as well: Ed25519 over the bot's number and all fields but `hash` and `signature` ("Validating data for Third-Party
Use").
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from bot.ports import SignedAccount

TELEGRAM_KEY: Final = bytes.fromhex("e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d")
"""The public key by which Telegram signs for everybody."""

OLDEST: Final = timedelta(hours=24)
"""Desktop clients hand out what was signed hours ago."""
AHEAD: Final = timedelta(seconds=60)
_LONGEST, _MOST = 8_192, 40
_DIGITS = 20


def signed_by(token: str, *, signer: bytes | None = None) -> Callable[[str, datetime], SignedAccount | None]:
    """Return what reads data that was signed with the token of a bot, and by the `signer` of this public key too."""
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    bot = token.partition(":")[0]

    def is_meant(fields: Mapping[str, str]) -> bool:
        return signer is None or _is_signed(signer, bot, fields)

    def read(data: str, now: datetime) -> SignedAccount | None:
        return _read(key, data, now, is_meant) if token else None

    return read


def _is_signed(signer: bytes, bot: str, fields: Mapping[str, str]) -> bool:
    """Whether Telegram itself signed these words for this bot."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import, rarely needed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    public = Ed25519PublicKey.from_public_bytes(signer)
    shown = fields.get("signature", "")
    lines = [f"{bot}:WebAppData", *(f"{name}={fields[name]}" for name in sorted(fields) if name != "signature")]
    try:
        signature = base64.urlsafe_b64decode(shown.encode("ascii") + b"=" * (-len(shown) % 4))
        public.verify(signature, "\n".join(lines).encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def _read(key: bytes, data: str, now: datetime, is_meant: Callable[[Mapping[str, str]], bool]) -> SignedAccount | None:
    """Return whose data it is; None for what is not signed, too old, of the future, or names nobody."""
    if len(data) > _LONGEST:
        return None
    try:
        pairs = parse_qsl(data, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST, errors="strict")
        fields = dict(pairs)
        shown = fields.pop("hash", "")
        signed = "\n".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()
        if len(pairs) != len(fields) + 1 or not hmac.compare_digest(
            hmac.digest(key, signed, sha256).hex().encode(), shown.encode()
        ):
            return None
        if not is_meant(fields):
            return None
        at = fields["auth_date"]
        if not (at.isascii() and at.isdecimal() and len(at) < _DIGITS):
            return None
        signed_at = datetime.fromtimestamp(int(at), UTC)
        user = json.loads(fields["user"])
    except (ValueError, KeyError, OverflowError, OSError, RecursionError):
        return None
    if not now - OLDEST <= signed_at <= now + AHEAD or not isinstance(user, dict):
        return None
    number = user.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0 or user.get("is_bot") is True:
        return None
    language = user.get("language_code")
    return SignedAccount(str(number), shown, language if isinstance(language, str) else "")

"""What Telegram signs when it opens a page of ours in its own frame, and how that is checked.

The key is HMAC-SHA256 of the bot's token under the words `WebAppData`; signed are all fields but `hash`, one a line, in
the order of their names (core.telegram.org/bots/webapps, "Validating data").
"""

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from bot.ports import SignedAccount

OLDEST: Final = timedelta(hours=24)
"""Desktop clients hand out what was signed hours ago."""
AHEAD: Final = timedelta(seconds=60)
_LONGEST, _MOST = 8_192, 40
_DIGITS = 20


def signed_by(token: str) -> Callable[[str, datetime], SignedAccount | None]:
    """Return what reads data that was signed with the token of a bot."""
    key = hmac.digest(b"WebAppData", token.encode(), sha256)

    def read(data: str, now: datetime) -> SignedAccount | None:
        return _read(key, data, now) if token else None

    return read


def _read(key: bytes, data: str, now: datetime) -> SignedAccount | None:
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

"""What Telegram signs when somebody presses the button beside the field: the address with its words behind a `#`."""

import hmac
import json
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

from bot.sandbox.world import SandboxPerson


def opened(url: str, person: SandboxPerson, token: str, now: datetime) -> str:
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
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    data = urlencode({**fields, "hash": hmac.digest(key, lines.encode(), sha256).hex()}, quote_via=quote)
    behind = {"tgWebAppData": data, "tgWebAppVersion": "8.0", "tgWebAppPlatform": "web"}
    return f"{url}#{urlencode(behind, quote_via=quote)}"

"""The `understand` command: one message a line in, one JSON object a line out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo


def run(lines: Iterable[str], write: Callable[[str], None], *, locale: str, zone: ZoneInfo, now: datetime) -> None:
    """Write what each line means as one JSON object and a line end; an empty line is a text like any other."""
    for line in lines:
        meant = understand(line.rstrip("\r\n"), locale=locale, zone=zone, now=now)
        write(json.dumps(meant.to_json(), ensure_ascii=False) + "\n")

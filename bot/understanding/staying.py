"""Whether news of coming late tells of staying longer: said at work, «задерживаюсь» and "staying late" mean the end."""

from __future__ import annotations

import re
from typing import Final

_STAYING: Final = re.compile(r"задерж|остаюсь|останусь|stay|\blate here\b", re.IGNORECASE)


def tells_of_staying(text: str) -> bool:
    """Whether these words, said at work, tell of a later end; «опаздываю» tells of nothing anybody has to know."""
    return _STAYING.search(text) is not None

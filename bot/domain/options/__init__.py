"""What an administrator sets for a portal: each option with its values, its range, and what counts without it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.options.approvals import ESCALATION
from bot.domain.options.files import FILES_ROOM
from bot.domain.options.leave import OVERDRAFT
from bot.domain.options.option import Option, WrongOption
from bot.domain.options.organisation import OKPO, ORGANISATION
from bot.domain.options.overtime import LIMITS
from bot.domain.options.t13 import CODES, FILL
from bot.domain.options.times import DIGEST_AT, REMIND_AFTER, REMOTE_IS_ASKED, RETENTION, SMALL_CHANGE
from bot.domain.options.workday import PORTAL_WORKDAY

__all__ = [
    "CODES",
    "DIGEST_AT",
    "ESCALATION",
    "FILES_ROOM",
    "FILL",
    "LIMITS",
    "OKPO",
    "OPTIONS",
    "ORGANISATION",
    "OVERDRAFT",
    "PORTAL_WORKDAY",
    "REMIND_AFTER",
    "REMOTE_IS_ASKED",
    "RETENTION",
    "SMALL_CHANGE",
    "Option",
    "WrongOption",
]

_DAILY: Sequence[Option[Any]] = (DIGEST_AT, REMIND_AFTER, REMOTE_IS_ASKED, SMALL_CHANGE, ESCALATION, PORTAL_WORKDAY)
_ALL: Sequence[Option[Any]] = (*_DAILY, OVERDRAFT, LIMITS, RETENTION, FILES_ROOM, ORGANISATION, OKPO, FILL, *CODES)
OPTIONS: Mapping[str, Option[Any]] = {each.key: each for each in _ALL}
"""Every option by its key, in the order in which they are shown."""

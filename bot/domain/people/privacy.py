"""Erasing what is stored about somebody who left: allowed once the retention term of time sheets has passed.

Time sheets are kept for five years (Rosarchiv, order 236); a portal may have another term in its options.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.errors import Refusal
from bot.text import Day, t

OPTION = "retention_months"
"""The portal's option: for how many months after a person's last recorded day their hours are kept."""
BY_LAW = 60
LONGEST_TERM = 1200


def retention_months(options: Mapping[str, Any]) -> int:
    """Return the portal's retention term; what is none counts as not set."""
    own = options.get(OPTION)
    return own if type(own) is int and 0 < own <= LONGEST_TERM else BY_LAW


def erasable_from(last: date | None, months: int) -> date | None:
    """Return the day from which the data may go; None where nothing was recorded and nothing need be kept.

    With months below nothing it is the last day of what may go on a day.
    """
    if last is None:
        return None
    number = last.year * 12 + last.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(last.day, monthrange(year, month)[1]))


class StillHere(Refusal):
    """Only of people who are switched off, data are erased."""

    code = "still_here"

    def __init__(self, name: str) -> None:
        """Say what comes first."""
        super().__init__(t("{name} still works here. First switch the person off: /disable {name}", name=name))


class StillKept(Refusal):
    """The retention term has not passed."""

    code = "still_kept"

    def __init__(self, name: str, since: date) -> None:
        """Name the earliest day."""
        super().__init__(
            t("The hours of {name} have to be kept. They can be erased from {day} on.", name=name, day=Day(since))
        )

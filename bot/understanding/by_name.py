"""A report over the days of somebody who is only named: «неделя Бориса», «Анна Ким за июнь», "last week James"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.frame import frame
from bot.understanding.people import names_somebody
from bot.understanding.phrases import Day, DayCount, Period
from bot.understanding.reports import past_report

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

_BESIDE: Final = frozenset({"show", "filler"})


def is_by_name(heard: Heard) -> bool:
    """Whether nothing but a name and days was said; hours alone are a schedule's sooner than a report's."""
    return (
        bool(heard.unknown)
        and not heard.question
        and heard.named <= _BESIDE
        and any(isinstance(said.value, (Day, DayCount, Period)) for said, _ in heard.times)
        and names_somebody(heard)
    )


def by_name(heard: Heard, scene: Scene) -> tuple[Reading, ...]:
    """Return the report; none of days to come."""
    return past_report(heard, frame(heard.times, month_first=scene.month_first), scene)

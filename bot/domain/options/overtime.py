"""The option of overtime's limits: the law's, none, or a portal's own, each from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.domain.reports.limits import BY_LAW, MOST_HOURS, Limits, limits_of
from bot.text import Day, Duration, Phrase, t
from bot.understanding.written import two_limits, written

_LAW, _NONE = "law", "none"
_WORDS = {
    _LAW: _LAW,
    "by law": _LAW,
    "закон": _LAW,
    "по закону": _LAW,
    _NONE: _NONE,
    "no limits": _NONE,
    "нет": _NONE,
    "без пределов": _NONE,
}


@dataclass(frozen=True, slots=True)
class _OvertimeLimits(Option[Sequence[Limits]]):
    def of(self, portal: Portal) -> Sequence[Limits]:
        return limits_of(portal.country, portal.options)

    def heard(self, said: str, portal: Portal, today: date) -> Sequence[Limits]:
        named = _WORDS.get(written(said))
        if named is not None:
            return BY_LAW.get(portal.country, ()) if named == _LAW else ()
        own = _own(said, today)
        if own is None:
            raise WrongOption(
                t("Write hours in two days and hours a year, please: 4 and 120. With a day: 4 and 240 from 01.01.2027")
            )
        before = [each for each in self.of(portal) if each.valid_from < own.valid_from]
        return (*before, own)

    def words(self, value: Sequence[Limits]) -> Phrase:
        if not value:
            return t("no limits")
        last = value[-1]
        if len(value) > 1:
            return t("{limits}, from {day} on", limits=_limits(last), day=Day(last.valid_from))
        return _limits(last)

    def written(self, value: Sequence[Limits], portal: Portal) -> str:
        return _NONE if not value else _LAW if value == BY_LAW.get(portal.country) else ""

    def put(self, portal: Portal, value: Sequence[Limits]) -> Portal:
        if value == BY_LAW.get(portal.country, ()):
            return replace(portal, options={name: each for name, each in portal.options.items() if name != self.key})
        # Without super(): with slots the class is made a second time.
        return Option.put(self, portal, value)

    def _stored(self, value: Sequence[Limits]) -> Any:
        return [
            {
                "valid_from": each.valid_from.isoformat(),
                "per_two_days": _hours(each.per_two_days),
                "per_year": _hours(each.per_year),
            }
            for each in value
        ]


def _own(said: str, today: date) -> Limits | None:
    """Return the limits of «4 и 240 с 01.01.2027», from today on where no day is said."""
    found = two_limits(said, today)
    if found is None:
        return None
    two_days, year, day = found
    if not 0 < two_days <= year <= MOST_HOURS:
        return None
    return Limits(day, timedelta(hours=two_days), timedelta(hours=year))


def _limits(limits: Limits) -> Phrase:
    two_days, year = limits.per_two_days, limits.per_year
    if two_days is not None and year is not None:
        return t("{short} in two days, {long} a year", short=Duration(two_days), long=Duration(year))
    if two_days is not None:
        return t("{length} in two days", length=Duration(two_days))
    return t("no limits") if year is None else t("{length} a year", length=Duration(year))


def _hours(length: timedelta | None) -> float | None:
    return None if length is None else length / timedelta(hours=1)


LIMITS = _OvertimeLimits(
    "overtime_limits",
    t("⏱ Overtime limit"),
    t(
        "Beyond which overtime should I warn? Nothing is ever blocked. Hours in two days and hours a year, if need be "
        "with a day: 4 and 240 from 01.01.2027"
    ),
    (_LAW, _NONE),
)

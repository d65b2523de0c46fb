"""Absences: days away, of a kind. Colleagues see that somebody is away, never why."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.text import Phrase, t


class AbsenceKind(StrEnum):
    """Why a person is away."""

    VACATION = "vacation"
    DAY_OFF = "day_off"
    SICK = "sick"
    UNPAID = "unpaid"
    REMOTE = "remote"
    BUSINESS_TRIP = "business_trip"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """An approved absence from `first` to `last`, both included; hours of one day have `start` and `end` as well."""

    id: int
    portal_id: int
    employee_id: int
    kind: AbsenceKind
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    reason: str = ""
    request_id: int | None = None


_WORDS = {
    AbsenceKind.VACATION: t("Vacation"),
    AbsenceKind.DAY_OFF: t("Day off"),
    AbsenceKind.SICK: t("Sick leave"),
    AbsenceKind.UNPAID: t("Unpaid leave"),
    AbsenceKind.REMOTE: t("Remote work"),
    AbsenceKind.BUSINESS_TRIP: t("Business trip"),
    AbsenceKind.OTHER: t("Absence"),
}


def absence_words(kind: AbsenceKind) -> Phrase:
    """Name a kind of absence."""
    return _WORDS[kind]

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


def absence_words(kind: AbsenceKind) -> Phrase:
    """Name a kind of absence."""
    match kind:
        case AbsenceKind.VACATION:
            return t("Vacation")
        case AbsenceKind.DAY_OFF:
            return t("Day off")
        case AbsenceKind.SICK:
            return t("Sick leave")
        case AbsenceKind.UNPAID:
            return t("Unpaid leave")
        case AbsenceKind.REMOTE:
            return t("Remote work")
        case AbsenceKind.BUSINESS_TRIP:
            return t("Business trip")
        case AbsenceKind.OTHER:
            return t("Absence")

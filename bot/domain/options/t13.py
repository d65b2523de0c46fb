"""Options of form Т-13: whether every day is filled in, and the letters for what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.domain.reports.t13_codes import (
    HOLIDAY,
    LONGEST,
    MISSING,
    NIGHT,
    OPTION,
    OVERTIME,
    REST,
    TRUANCY,
    USUAL,
    WORK,
    codes_of,
)
from bot.text import Phrase, t, verbatim
from bot.understanding.written import written

_DEVIATIONS = "deviations"
_FULL = "full"
_WORDS = {
    _FULL: True,
    "every day": True,
    "all days": True,
    "каждый день": True,
    "все дни": True,
    _DEVIATIONS: False,
    "only deviations": False,
    "отклонения": False,
    "только отклонения": False,
}
_USUALLY: Mapping[str, tuple[str, ...]] = {
    AbsenceKind.SICK: ("НН", "Б", "Т"),
    AbsenceKind.VACATION: ("ОТ", "ОД"),
    AbsenceKind.DAY_OFF: ("ОВ", "НВ"),
    AbsenceKind.UNPAID: ("ДО", "ОЗ"),
    AbsenceKind.REMOTE: ("Я", "ДУ"),
    AbsenceKind.OTHER: ("НН", "Г", "ДО"),
}
"""Letters that are offered for a kind of day, the form's own first."""


@dataclass(frozen=True, slots=True)
class _Fill(Option[bool]):
    def of(self, portal: Portal) -> bool:
        return portal.options.get(self.key) != _DEVIATIONS

    @property
    def is_choice(self) -> bool:
        return True

    def heard(self, said: str, portal: Portal, today: date) -> bool:
        del portal, today
        found = _WORDS.get(written(said))
        if found is None:
            raise WrongOption(t("Write “every day” or “only deviations”, please."))
        return found

    def words(self, value: bool) -> Phrase:
        return t("every day") if value else t("only deviations")

    def written(self, value: bool, portal: Portal) -> str:
        del portal
        return _FULL if value else _DEVIATIONS

    def _stored(self, value: bool) -> str:
        return _FULL if value else _DEVIATIONS


@dataclass(frozen=True, slots=True)
class _Code(Option[str]):
    """The letters for one thing that happens."""

    what: str = ""

    def of(self, portal: Portal) -> str:
        return codes_of(portal.options)[self.what]

    def heard(self, said: str, portal: Portal, today: date) -> str:
        del portal, today
        code = said.strip().upper()
        if code == TRUANCY:
            raise WrongOption(t("I never write ПР: whether it was truancy, people decide."))
        if not (code.isalpha() and len(code) <= LONGEST):
            raise WrongOption(t("A code has up to {most} letters, for example ДУ.", most=LONGEST))
        return code

    def words(self, value: str) -> Phrase:
        return verbatim(value)

    def put(self, portal: Portal, value: str) -> Portal:
        known = portal.options.get(OPTION)
        own = {**(known if isinstance(known, Mapping) else {}), self.what: value}
        return replace(portal, options={**portal.options, OPTION: own})


def _named(what: str) -> Phrase:
    others = {
        WORK: t("Work by day"),
        NIGHT: t("Work at night"),
        HOLIDAY: t("Work on a day off"),
        OVERTIME: t("Overtime work"),
        REST: t("Day off by plan"),
        MISSING: t("No marks"),
    }
    return others[what] if what in others else absence_words(AbsenceKind(what))


def _code(what: str) -> _Code:
    question = t("Which letters should stand in form T-13 for: {what}? For example: ДУ", what=_named(what))
    return _Code(f"{OPTION}.{what}", _named(what), question, _USUALLY.get(what, (USUAL[what],)), what=what)


FILL = _Fill(
    "t13_fill",
    t("📄 Days of T-13"),
    t("What should stand in form T-13: every day, or only what differs from the plan?"),
    (_FULL, _DEVIATIONS),
)
CODES = tuple(_code(str(each)) for each in USUAL)

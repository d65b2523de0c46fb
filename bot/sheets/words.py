"""The words on a sheet, short enough for the head of a column."""

from datetime import date

from bot.domain.leave.absence import AbsenceKind
from bot.domain.reports.account import Flag
from bot.i18n import Translator
from bot.sheets.book import Book, Format
from bot.text import Phrase, t

_QUOTES = {ord(each): None for each in "«»“”„\"'"}


def absence_name(kind: AbsenceKind) -> Phrase:
    """Name a kind of absence in a cell."""
    match kind:
        case AbsenceKind.VACATION:
            return t("vacation")
        case AbsenceKind.DAY_OFF:
            return t("time off")
        case AbsenceKind.SICK:
            return t("sick leave")
        case AbsenceKind.UNPAID:
            return t("unpaid leave")
        case AbsenceKind.REMOTE:
            return t("remote work")
        case AbsenceKind.BUSINESS_TRIP:
            return t("business trip")
        case AbsenceKind.OTHER:
            return t("away")


def flag_name(flag: Flag) -> Phrase:
    """Say what is to be known about a day."""
    match flag:
        case Flag.RUNNING:
            return t("still running")
        case Flag.UNCONFIRMED:
            return t("check-out not confirmed")
        case Flag.PENDING:
            return t("a correction waits")
        case Flag.MISSING:
            return t("nothing recorded")
        case Flag.NO_PAUSE:
            return t("no break")
        case Flag.AWAY:
            return t("work on a day away")
        case Flag.CLOCKS:
            return t("clocks changed")


def title_words(book: Book) -> Phrase:
    """Name the sheet and whom it is about."""
    return t("Time sheet: {subject}", subject=book.subject)


def period_words(book: Book, words: Translator) -> Phrase:
    """Name the period, the day on which the sheet was drawn up, and its revision once there is a second one."""
    first, last, today = (date_text(day, words.locale) for day in (book.first, book.last, book.today))
    if book.revision > 1:
        return t(
            "{first} – {last} · drawn up on {today} · rev. {revision}",
            first=first,
            last=last,
            today=today,
            revision=book.revision,
        )
    return t("{first} – {last} · drawn up on {today}", first=first, last=last, today=today)


def rule_words(book: Book) -> Phrase:
    """Say by which rule hours are put on dates, and what is not known yet."""
    rule = t("Hours count for the day on which the shift began. Form Т-13 divides them at midnight.")
    if book.unknown_year is None:
        return rule
    year = str(book.unknown_year)
    return t("{rule} Not all days off of {year} are known yet, so there is no norm.", rule=rule, year=year)


def date_text(day: date, locale: str) -> str:
    """Return a date as columns of dates have it."""
    return f"{day:%d.%m.%Y}" if locale == "ru" else day.isoformat()


def file_stem(book: Book, form: Format, words: Translator) -> str:
    """Return the file's name without its ending: `Табель_Продажи_2026-06`, with the revision once there is a second."""
    name = words.plain(t("Timesheet")) if form is not Format.T13 else "Т-13"
    revision = words.plain(t("rev{revision}", revision=book.revision)) if book.revision > 1 else ""
    parts = (name, book.subject.translate(_QUOTES), book.period, revision)
    return "_".join("_".join(part.split()) for part in parts if part)

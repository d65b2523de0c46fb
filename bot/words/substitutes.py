"""How it reads that one person stands in for another."""

from datetime import date

from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.text import Day, Phrase, t
from bot.words.leave import absence_span
from bot.words.people import mention


def stands_in(reader: Employee, subject: Employee, person: Employee) -> Phrase:
    """Say who stands in for whom."""
    if subject.id == reader.id:
        return t("🔁 *{person}* stands in for you", person=mention(person))
    return t("🔁 *{person}* stands in for *{whom}*", person=mention(person), whom=mention(subject))


def substitute_span(first: date, last: date | None) -> Phrase:
    """Say on which days."""
    if last is None:
        return t("from {day} until it is taken back", day=Day(first))
    return absence_span(first, last)


def of_one_seat(subject: Employee, person: Employee) -> Phrase | None:
    """Tell a lead what the substitute may not: a seat of leave, hours or overtime wants a lead or administrator."""
    if not may(subject, Right.DECIDE):
        return None
    if may(person, Right.DECIDE):
        return t("Leave, corrections and overtime of the team are decided by the substitute, too.")
    return t("Leave, corrections and overtime of the team wait: only a lead or an administrator can decide them.")

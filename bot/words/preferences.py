"""How what somebody wants to be sent reads: reminders, the summary of the week, the digest of the team."""

from datetime import date, time

from bot.domain.people.employee import Employee
from bot.domain.reminding.watch import is_muted
from bot.text import Day, Phrase, t


def reminders_words(employee: Employee, today: date) -> Phrase:
    """Say whether somebody is reminded, and until when not."""
    until = employee.muted_until
    if until is None or not is_muted(employee, today):
        return t("🔔 Reminders: *on*")
    if until == date.max:
        return t("🔕 Reminders: *off*")
    return t("🔕 Reminders: *off until {day}*", day=Day(until))


def weekly_words(employee: Employee) -> Phrase:
    """Say whether the summary of the week is sent."""
    return t("📬 Last week: *on Mondays*") if employee.wants_weekly else t("📬 Last week: *off*")


def digest_words(employee: Employee, at: time) -> Phrase:
    """Say whether the digest of the team is sent, and when."""
    if employee.wants_digest:
        return t("☀️ Team in the morning: *on workdays at {time}*", time=f"{at.hour}:{at.minute:02}")
    return t("☀️ Team in the morning: *off*")

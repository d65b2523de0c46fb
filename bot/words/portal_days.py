"""How the portal's own working day reads: what its button did, what it cannot hold, why it does not go along."""

from datetime import date, datetime

from bot.domain.workday.portal_steps import Unsaid
from bot.domain.workday.punch_log import PunchKind
from bot.text import Day, DayTime, Phrase, t

BY_BUTTON = t("🔁 By the button in Bitrix24.")


def differs_words(kind: PunchKind, at: datetime, zone: str) -> Phrase:
    """Say that a time was written on the portal afterwards."""
    when = DayTime(at, zone)
    if kind is PunchKind.IN:
        return t("🔁 In Bitrix24 the start of your day is now {when}. Here it is another. Which is right?", when=when)
    return t("🔁 In Bitrix24 the end of your day is now {when}. Here it is another. Which is right?", when=when)


def unsaid_words(what: Unsaid, day: date) -> Phrase:
    """Say what the portal's day cannot be, and that hours do not suffer."""
    match what:
        case Unsaid.SEVERAL:
            return t(
                "🔁 Bitrix24 keeps one working day a date, so there the time between your check-out and the "
                "next check-in is a break. Your hours in Smena are right."
            )
        case Unsaid.OVER_MIDNIGHT:
            return t(
                "🔁 Bitrix24 cannot keep a shift over midnight: there it ends with the date. "
                "In Smena your shift is whole, and that is what counts."
            )
        case Unsaid.START:
            return t(
                "🔁 {day}: a start that was corrected here cannot be changed in Bitrix24, so it stays there as it was. "
                "What is in Smena counts.",
                day=Day(day),
            )
        case Unsaid.END | Unsaid.FORMER:
            return t(
                "🔁 {day} was corrected here. In Bitrix24 only today can be changed, so that day stays there as it "
                "was. What is in Smena counts.",
                day=Day(day),
            )
        case Unsaid.BREAKS:
            return t(
                "🔁 {day}: in Bitrix24 your breaks are longer now than your marks make them. In Smena nothing has "
                "changed. If you had a break, please write it to me: “lunch from 13:00 to 13:45”.",
                day=Day(day),
            )
        case Unsaid.EXPIRED:
            return t(
                "🔁 An earlier working day of yours is still open in Bitrix24, and I do not know when it ended. "
                "Please close it there with its time. Marks here count as always."
            )


def refused_words(reason: str, *, is_admin: bool) -> Phrase:
    """Say why the portal's days do not go along, and who can mend it."""
    if not is_admin:
        return t(
            "🔁 Bitrix24 did not take your last mark. Please look at your working day there. "
            "In Smena everything is recorded."
        )
    match reason:
        case "no_scope" | "no_method":
            return t(
                "🔁 Working days here and in Bitrix24 do not go together: I lack the right “Working time” (timeman). "
                "Please add it to the webhook or the application in Bitrix24. To keep both apart: /options"
            )
        case "no_right":
            return t(
                "🔁 Working days here and in Bitrix24 do not go together: whoever gave me access may not manage other "
                "people’s days there. Please allow it in the rights of “Working time”. To keep both apart: /options"
            )
        case _:
            return t(
                "🔁 Working days here and in Bitrix24 do not go together: I do not get in there. "
                "Please look whether the webhook or the application still works."
            )

"""What is answered to words that were not understood: short, about what they seem to be about, and never a deed."""

from collections.abc import Sequence

from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.domain.workday.punch_log import DayState
from bot.text import Lines as Text
from bot.text import Phrase, lines, t
from bot.words.intents import suggestion
from bot.words.people import mention

_ANSWERED = ("balance", "unconfirmed", "quiet")
"""What is said about these is an answer, not a guess."""


def hint(
    topic: str | None, person: Employee, lead: Employee | None, admins: Sequence[Employee], state: DayState
) -> Text:
    """Return one hint by topic; without one, what can be written now."""
    match topic:
        case None:
            return lines(t("I did not understand that."), suggestion(state, person.name), t("All I can do: /help"))
        case "bot":
            return lines(
                t("I am Smena, a bot: I keep working hours in chat."), suggestion(state, person.name), t("More: /help")
            )
        case "person":
            return lines(t("I am a bot; these people can help:"), *_helpers(lead, admins))
        case "pay":
            return lines(
                t("I count hours, not money: “my month” shows them."),
                t("About pay, please ask:"),
                *_helpers(None, admins),
            )
    return lines(None if topic in _ANSWERED else t("I did not understand that."), _about(topic, person))


def _about(topic: str, person: Employee) -> Phrase:
    match topic:
        case "leave":
            return t("About days away: “vacation from 1 to 14 July”, “day off on Friday”, “sick today”, “my leave”.")
        case "hours":
            return t("About hours: “today”, “my week”, “June”, “how much is left today”.")
        case "balance":
            return t("A minus means less than the norm so far. Day by day: “my month”; what to mend: /gaps")
        case "unconfirmed":
            return t("Not confirmed: there was no check-out, so I closed the day. Say when it was: /gaps")
        case "approvals" if may(person, Right.DECIDE):
            return t("About approvals: “my approvals”, “approve Anna's vacation”, “approve all”.")
        case "approvals":
            return t("Your requests and who decides: “my requests”.")
        case "schedule" if may(person, Right.GIVE_SCHEDULES):
            return t("About schedules: “my schedule”, “schedule Anna 9-18”, “shift Boris 5 June 20-8”.")
        case "schedule":
            return t("About your schedule: “my schedule”, “when does my shift end”. Your lead can change it.")
        case "quiet":
            return t("About my messages: “no reminders until Monday”, “remind me at 18:30”, /remind off, /settings")
    return t("About marks: “came at 8:50”, “lunch from 13:00 to 13:40”, “left yesterday at 18:00”.")


def _helpers(lead: Employee | None, admins: Sequence[Employee]) -> list[Phrase]:
    found = [t("• your lead: {person}", person=mention(lead))] if lead else []
    shown = [each for each in admins if lead is None or each.id != lead.id][:3]
    return [*found, *(t("• administrator: {person}", person=mention(each)) for each in shown)]

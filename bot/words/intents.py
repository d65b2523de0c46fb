"""Short names of what can be done, for buttons and read-backs, and what can be written now."""

from bot.domain.people.gender import Gender, gender_of
from bot.domain.workday.punch_log import DayState
from bot.text import Phrase, t, tc


def intent_words(intent: str) -> Phrase:
    """Return the name of what an intent does."""
    match intent:
        case "check_in":
            return t("check-in")
        case "check_out":
            return t("check-out")
        case "break_start":
            return t("start of a break")
        case "break_end":
            return t("end of a break")
        case "worked":
            return t("work")
        case "leave":
            return t("absence")
        case "report":
            return t("hours")
        case "confirm_period":
            return t("my hours are right")
        case "close_period":
            return t("closing of the period")
        case "approvals":
            return t("requests that wait for me")
        case _:
            return t("removal")


def suggestion(state: DayState, name: str) -> Phrase:
    """Say what can be written now, as the person would write it of themselves."""
    gender = gender_of(name)
    match state, gender:
        case DayState.OFF, Gender.WOMAN:
            return tc("she", "Try: “I'm in”, or “came at 9:15”.")
        case DayState.OFF, Gender.MAN:
            return tc("he", "Try: “I'm in”, or “came at 9:15”.")
        case DayState.OFF, _:
            return t("Try: “I'm in”, or “came at 9:15”.")
        case DayState.WORK, Gender.WOMAN:
            return tc("she", "Try: “lunch”, or “I'm out”.")
        case DayState.WORK, Gender.MAN:
            return tc("he", "Try: “lunch”, or “I'm out”.")
        case DayState.WORK, _:
            return t("Try: “lunch”, or “I'm out”.")
        case DayState.BREAK, Gender.WOMAN:
            return tc("she", "Try: “back”, or “I'm out”.")
        case DayState.BREAK, Gender.MAN:
            return tc("he", "Try: “back”, or “I'm out”.")
    return t("Try: “back”, or “I'm out”.")


ONLY_TEXT = t("I can only read text. Please write it in words: /help")
"""What is said of pictures, stickers and voice."""

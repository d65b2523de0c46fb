"""Short names of what can be done, for buttons and read-backs, and what can be written now."""

from bot.domain.workday import DayState
from bot.text import Phrase, t


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


def suggestion(state: DayState) -> Phrase:
    """Say what can be written now."""
    match state:
        case DayState.OFF:
            return t("Try: “I'm in”, or “came at 9:15”.")
        case DayState.WORK:
            return t("Try: “lunch”, or “I'm out”.")
        case DayState.BREAK:
            return t("Try: “back”, or “I'm out”.")

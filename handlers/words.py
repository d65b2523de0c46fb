"""Short names of what can be done, for buttons and read-backs."""

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
        case _:
            return t("removal")

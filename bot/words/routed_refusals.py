"""Why something was not taken on a route: by whom it was decided, and when."""

from datetime import datetime, timedelta

from bot.domain.people.employee import Employee
from bot.services.approvals.courses import Standing
from bot.text import Duration, Phrase, Time, t
from bot.words.people import named


def refused(standing: Standing, refusal: str, reader: Employee, now: datetime) -> Phrase:
    """Say why something was not taken: by whom it was decided, and when."""
    at = standing.request.ended_at
    match refusal:
        case "already_answered":
            own = [each for each in standing.answers() if each.actor_id == reader.id and each.what in _DID]
            if own:
                return _DID[own[-1].what](Time(own[-1].at, reader.zone))
            return t("This was answered already; the card shows by whom.")
        case "already_decided" | "stale":
            return _decided(standing, reader, now)
        case "expired" if at is not None:
            return t("Time was up {ago} ago: nothing can be answered any more.", ago=_ago(now, at))
        case "expired":
            return t("Time is up: nothing can be answered any more.")
        case "comment_required":
            return t("One sentence why is needed here.")
        case "too_late_to_take_back":
            return t("It is too late to take that back: it is final. A new request can be made: /request")
        case "nothing_to_take_back":
            return t("There is no answer of yours to take back.")
        case "bad_delegate":
            return t("It cannot be handed over to that person here: the initiator, or somebody who is asked already.")
        case "not_your_seat":
            return t("You are not asked here now.")
        case "same_is_open":
            return t("You have asked for exactly this already, and it still runs:")
        case _:
            return t("That is not possible here now. The card shows where it stands.")


_DID = {
    "approve": lambda time: t("You have approved this already, at {time}.", time=time),
    "reject": lambda time: t("You have rejected this already, at {time}.", time=time),
}


def _decided(standing: Standing, reader: Employee, now: datetime) -> Phrase:
    """Say that there is an outcome, and how long there has been."""
    last = next((each for each in reversed(standing.request.record) if each.what in {*_DID, "return"}), None)
    if last is None:
        return t("That is decided already; the card shows how.")
    who = named(standing.somebody(last.actor_id))
    if last.actor_id == reader.id and last.what in _DID:
        return _DID[last.what](Time(last.at, reader.zone))
    return t("It was decided {ago} ago, by {person}.", ago=_ago(now, last.at), person=who)


def _ago(now: datetime, at: datetime) -> Duration:
    return Duration(max(now - at, timedelta(seconds=1)))

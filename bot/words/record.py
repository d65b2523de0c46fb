"""What each line of a request's record says, in chat and on its approval sheet."""

from bot.domain.approvals.history import ENDED, OUTSIDE, STAGE
from bot.domain.approvals.routed import Entry
from bot.domain.approvals.told import titled
from bot.services.approvals.courses import Standing
from bot.text import Mention, Phrase, t, verbatim
from bot.words.people import named
from bot.words.rules import object_words

REFUSED = "refused "
"""Begins the lines about what was not taken; they prove, and tell people nothing."""
_FILE_GONE = "file left out "


def what_happened(entry: Entry, standing: Standing, locale: str) -> Phrase:
    """Say one line of a record: who, what, on whose behalf, and what was said."""
    told = _deed(entry, standing, locale)
    return t("{answer}: “{text}”", answer=told, text=entry.said) if entry.said else told


def _deed(entry: Entry, standing: Standing, locale: str) -> Phrase:
    who = _who(standing, entry)
    match entry.what.split(" ", 1)[0]:
        case "start":
            return t("📝 {person}: sent the request", person=who)
        case "stage":
            number, title = stage_of(standing, entry.what.removeprefix(STAGE), locale)
            return t("▶️ Stage: {stage}", stage=title) if title else t("▶️ Stage {number}", number=number)
        case "asked":
            return t("• asked: {person}", person=who)
        case "approve":
            return t("✅ {person}: approved", person=who)
        case "reject":
            return t("❌ {person}: rejected", person=who)
        case "return":
            return t("↩️ {person}: sent back", person=who)
        case "delegate":
            return t("➡️ {person}: handed over", person=who)
        case "replace":
            return t("🔁 {person}: had somebody else asked", person=who)
        case "undo":
            return t("↩️ {person}: took the answer back", person=who)
        case "resubmit":
            return t("📨 {person}: sent again", person=who)
        case "change":
            return t("✏️ What was asked was changed")
        case "withdraw":
            return t("↩️ {person}: withdrawn", person=who)
        case "comment":
            return t("💬 {person}", person=who)
        case "ask":
            return t("❓ {person}", person=who)
        case "outside":
            return outside_words(entry.what.removeprefix(OUTSIDE))
        case "unreached":
            return t("⚠️ Not delivered: {person}", person=_who_for(standing, entry))
        case "escalated":
            return t("⏫ No answer in time: others are asked too")
        case "file":
            return t("📎 File left out") if entry.what.startswith(_FILE_GONE) else t("📎 File")
        case "object":
            return _of_object(entry.what)
    match entry.what:
        case "sent back":
            return t("↩️ Back for changes")
        case "time ran out":
            return t("⌛ Time was up")
        case "dismiss":
            return t("👤 Somebody who was asked does not work here any more")
    return outcome_word(entry.what.removeprefix(ENDED))


def _of_object(what: str) -> Phrase:
    """Say what became of an object on the portal: `object deal:12 changed`, `object unseen`."""
    _, ref, *happened = what.split(" ")
    if not happened:
        return t("📌 The portal does not let me read what it is about")
    if happened == ["deleted"]:
        return t("📌 Deleted on the portal: {object}", object=object_words(ref))
    return t("📌 On the portal: {object}", object=object_words(ref))


def outside_words(how: str) -> Phrase:
    """Say how a request ended without its route."""
    match how:
        case "decided":
            return t("🏢 Decided on the portal itself")
        case "gone":
            return t("🏢 What it was about is gone or closed")
        case "process":
            return t("🏢 The business process on the portal does not wait for it any more")
        case _:
            return t("🏢 The application was removed from the portal")


def outcome_word(state: str) -> Phrase:
    """Say how a request ended, or that it has not."""
    match state:
        case "approved":
            return t("✅ Outcome: approved")
        case "rejected":
            return t("❌ Outcome: rejected")
        case "withdrawn":
            return t("↩️ Outcome: withdrawn")
        case "expired":
            return t("⌛ Outcome: time was up")
        case "failed":
            return t("⚠️ Outcome: there was nobody to ask")
        case "pending" | "rework":
            return t("⏳ Not decided yet")
        case _:
            return verbatim(state)


def _who_for(standing: Standing, entry: Entry) -> Mention | Phrase:
    """Return on whose behalf a line is: whom it happened to, where nobody did it."""
    return named(standing.somebody(entry.behalf_id))


def _who(standing: Standing, entry: Entry) -> Mention | Phrase:
    who = named(standing.somebody(entry.actor_id))
    if entry.behalf_id is None:
        return who
    return t("{person} for {principal}", person=who, principal=named(standing.somebody(entry.behalf_id)))


def stage_of(standing: Standing, stage_id: str, locale: str) -> tuple[int, str]:
    """Return which stage it is, from 1, and its title, if it has one."""
    for number, each in enumerate(standing.template.route.stages, 1):
        if each.id == stage_id:
            return number, titled(each.title, "", locale)
    return 0, stage_id

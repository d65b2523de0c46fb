"""Words that arrive days after they were written: nothing is done by itself, a mark is asked about (case 17)."""

from dataclasses import replace
from datetime import datetime

from bot.dispatch.router import Otherwise, Router
from bot.dispatch.turn import Turn
from bot.domain.workday.correction import Misfit, Overlap
from bot.messages import IncomingKind, Reply
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import DayTime, Phrase, lines, t
from bot.understanding import Understanding, understand
from handlers.workday.corrections import correct, wish_of

router = Router("long-ago")
_MARKS = ("check_in", "check_out", "break_start", "break_end")
_MEANT = {"/checkin": "check_in", "/checkout": "check_out", "/break": "break_start", "/back": "break_end"}


@router.otherwise(Otherwise.LONG_AGO)
async def long_ago(turn: Turn, recording: Recording, timesheets: Timesheets) -> Reply:
    """Read a mark of then back as a correction; of anything else say that it came too late to be done."""
    sent = turn.message.sent_at or turn.now
    came = t("Your message of {when} reached me only now.", when=DayTime(sent, turn.employee.zone))
    meant = _meant(turn, sent)
    if meant is None or meant.intent not in _MARKS or meant.ambiguous:
        return turn.say(lines(came, t("I did nothing. If it still matters, please write it again.")))
    wish = wish_of(meant.intent, {**meant.slots, "at": meant.slots.get("at") or sent.replace(microsecond=0)})
    try:
        reply = await correct(turn, recording, timesheets, wish, str(meant.slots.get("reason", "")))
    except (Misfit, Overlap) as misfit:
        return turn.say(lines(came, t("I recorded nothing."), misfit.phrase))
    return _with(reply, came)


def _meant(turn: Turn, sent: datetime) -> Understanding | None:
    """Return what was meant when it was written."""
    if turn.message.kind is not IncomingKind.TEXT:
        return None
    text = turn.message.text.strip()
    if text.casefold() in _MEANT:
        return Understanding(text, _MEANT[text.casefold()])
    return understand(text, locale=turn.employee.locale, zone=turn.zone, now=sent)


def _with(reply: Reply, came: Phrase) -> Reply:
    first, *others = reply.says
    return replace(reply, says=(replace(first, text=lines(came, first.text)), *others))

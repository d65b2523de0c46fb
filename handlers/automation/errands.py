"""What was to be done on the portal and did not work out, for administrators: told, tried again, or left as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.automation.errand import OWN_AFFAIRS, Errand, ErrandState
from bot.domain.events import ErrandEnded
from bot.domain.rights import Right
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.approvals.courses import Courses
from bot.services.approvals.effects import UNCONFIRMED, cause_of
from bot.services.automation.errands import ENDED, FAILED, OFFER, Errands
from bot.services.people.people import People
from bot.text import Lines, Phrase, lines, t, tn
from bot.words.errands import state_word, what, why

router = Router("errands")
SHOWN = 5
"""Errands with buttons of their own in one message."""
SOON = timedelta(minutes=1)
"""For so long what else fails is awaited, so that one message tells of all."""
QUIET = timedelta(hours=1)
"""So long is nothing told again."""
_SLOT = "errands"


@dataclass(frozen=True, slots=True)
class ErrandPressed(Action, code="er1"):
    """A button below an errand: a do it (again), l leave it; of no errand: of all that are shown."""

    errand: str
    what: str

    def __post_init__(self) -> None:
        """Take no forged words for an errand: whatever raises is answered as an old button."""
        if self.errand:
            long(self.errand)


@router.happened(ErrandEnded)
async def ended(event: ErrandEnded, occasion: Occasion, errands: Errands) -> Sequence[Notice]:
    """What failed is told to administrators, all of a minute at once, and no more than once an hour."""
    if event.errand.state is ErrandState.FAILED and event.errand.kind not in OWN_AFFAIRS:
        errands.tell_later(event.portal_id, occasion.now + SOON, occasion.now)
    return ()


@router.due(FAILED)
async def tell_failed(job: Job, occasion: Occasion, errands: Errands, people: People) -> Sequence[Notice]:
    """Tell what failed since it was told last; where nothing did, nothing is said."""
    since = datetime.fromisoformat(str(job.payload["since"]))
    failed = await errands.failed(job.portal_id)
    if not any(each.ended_at is not None and each.ended_at >= since for each in failed):
        return ()
    errands.tell_later(job.portal_id, occasion.now + QUIET, occasion.now + timedelta(milliseconds=1))
    return await _told(job.portal_id, _failed_words(failed), failed, people)


@router.due(ENDED)
async def tell_end(job: Job, errands: Errands) -> Sequence[Notice]:
    """What follows from an end that was stored alone follows now."""
    await errands.tell_end(job.portal_id, int(job.payload["errand"]))
    return ()


@router.due(UNCONFIRMED)
async def ask_about(job: Job, errands: Errands, courses: Courses, people: People) -> Sequence[Notice]:
    """What would be done to an object whose number was only typed is for administrators to say."""
    request = await courses.get(job.portal_id, int(job.key))
    found = await errands.of_cause(job.portal_id, cause_of(request))
    offered = [each for each in found if each.state is ErrandState.OFFERED]
    if not offered:
        return ()
    words = lines(
        t("❓ *Request No. {number} is decided, and what follows from it waits for you.*", number=request.number),
        *(t("• {what}", what=what(each)) for each in offered[:SHOWN]),
        t("I could not check that whoever asked has to do with this. Look there, then decide: /errands"),
    )
    return [Notice(each, Say(words)) for each in await people.administrators(job.portal_id)]


@router.due(OFFER)
async def offer(job: Job, occasion: Occasion, errands: Errands, people: People) -> Sequence[Notice]:
    """What had waited for the application is offered to administrators, once."""
    offered = await errands.offer(job.portal_id, occasion.now)
    if not offered:
        return ()
    words = lines(
        tn(
            "⏳ *{count} action after a decision was never done on the portal*: it waited for the application.",
            "⏳ *{count} actions after decisions were never done on the portal*: they waited for the application.",
            len(offered),
        ),
        *(t("• {what}", what=what(each)) for each in offered[:SHOWN]),
        t("Shall I do it now, or leave it as it is?"),
    )
    keyboard = Keyboard.of(
        (
            Button(t("Do it now"), ErrandPressed("", "do"), style="primary"),
            Button(t("Leave it"), ErrandPressed("", "leave")),
        )
    )
    return [Notice(each, Say(words, keyboard, slot=_SLOT)) for each in await people.administrators(job.portal_id)]


async def _told(portal_id: int, words: Lines, failed: Sequence[Errand], people: People) -> Sequence[Notice]:
    return [Notice(each, Say(words, _keyboard(failed), slot=_SLOT)) for each in await people.administrators(portal_id)]


def _failed_words(failed: Sequence[Errand]) -> Lines:
    heading = tn(
        "⚠️ *{count} action on the portal did not work out*",
        "⚠️ *{count} actions on the portal did not work out*",
        len(failed),
    )
    more, shown = len(failed) - SHOWN, enumerate(failed[:SHOWN], 1)
    return lines(
        heading,
        *(t("{number}. {what} – {why}", number=str(at), what=what(each), why=why(each)) for at, each in shown),
        tn("…and {count} more", "…and {count} more", more) if more > 0 else None,
    )


def _keyboard(failed: Sequence[Errand]) -> Keyboard:
    rows: list[tuple[Button, ...]] = [
        (
            Button(t("🔁 Repeat {number}", number=str(at)), ErrandPressed(short(each.id), "a")),
            Button(t("Leave {number}", number=str(at)), ErrandPressed(short(each.id), "l")),
        )
        for at, each in enumerate(failed[:SHOWN], 1)
    ]
    if len(failed) > 1:
        rows.append((Button(t("🔁 Repeat all"), ErrandPressed("", "a")),))
    return Keyboard(tuple(rows))


@router.command(
    "errands", t("What is done on the portal, and what did not work out"), intents=("errands",), right=Right.RESEND
)
async def show(turn: Turn, errands: Errands) -> Reply:
    """Show what failed on the portal, and how much is still to be done there."""
    return Reply((await _overview(turn, errands),))


async def _overview(turn: Turn, errands: Errands, done: Phrase | None = None) -> Say:
    failed = await errands.failed(turn.portal.id)
    offered, waiting = await errands.offered(turn.portal.id), await errands.waiting(turn.portal.id)
    told: list[Phrase | Lines | None] = [done]
    if failed:
        told.append(_failed_words(failed))
    if offered:
        told.append(
            tn(
                "⏳ {count} action waits for you to say whether it is still to be done.",
                "⏳ {count} actions wait for you to say whether they are still to be done.",
                len(offered),
            )
        )
    if waiting:
        told.append(tn("🔄 {count} action is being done now.", "🔄 {count} actions are being done now.", len(waiting)))
        held = next((each for each in waiting if each.reason), None)
        if held is not None:
            told.append(t("Held up: {what} – {why}", what=what(held), why=why(held)))
    if not (failed or offered or waiting):
        told.append(t("✅ Everything that was to be done on the portal is done."))
    keyboard = _keyboard(failed) if failed else NO_BUTTONS
    if offered:
        row = (Button(t("Do it now"), ErrandPressed("", "do")), Button(t("Leave it"), ErrandPressed("", "leave")))
        keyboard = Keyboard((*keyboard.rows, row))
    return Say(lines(*told), keyboard, slot=_SLOT)


@router.pressed(ErrandPressed)
async def press(turn: Turn, press: ErrandPressed, errands: Errands) -> Reply:
    """Have errands done after all, or leave them; what is so already is just shown."""
    portal_id = turn.portal.id
    if press.errand:
        found = [each for each in [await errands.get(portal_id, long(press.errand))] if each is not None]
    else:
        found = [
            *(await errands.offered(portal_id) if press.what in {"do", "leave"} else await errands.failed(portal_id))
        ]
    changed = await errands.say(turn.employee, found, turn.now, is_done=press.what in {"a", "do"})
    done: Phrase | None = None
    if changed and press.what in {"a", "do"}:
        done = tn("🔁 {count} action is tried now.", "🔁 {count} actions are tried now.", len(changed))
    elif changed:
        done = tn("👌 {count} action stays as it is.", "👌 {count} actions stay as they are.", len(changed))
    elif found:
        done = t("{what}: {state}", what=what(found[0]), state=state_word(found[0]))
    say = await _overview(turn, errands, done)
    return Reply((turn.place(say.text, say.keyboard, _SLOT),))

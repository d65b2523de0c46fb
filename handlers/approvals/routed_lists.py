"""Requests on routes in lists: what waits for a person, and who holds what they asked for."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply, Say
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.text import Phrase, lines, t
from handlers.approvals.routed_cards import card, keyboard, names, slot_of, title

router = Router("routed lists")
SHOWN_AS_CARDS = 5


async def waiting_cards(turn: Turn, courses: Courses, seals: Seals) -> list[Say]:
    """Return what waits for a person as cards that can be answered, those with the earliest deadline first."""
    identity = turn.employee.identity(turn.message.channel)
    if identity is None:
        return []
    standings = [await courses.standing(each, turn.now) for each in await courses.waiting_for(turn.employee)]
    standings.sort(key=lambda each: each.due or turn.now)
    return [
        Say(
            card(each, turn.employee),
            keyboard(each, identity, turn.employee, seals),
            slot=slot_of(each.request.id),
        )
        for each in standings[:SHOWN_AS_CARDS]
    ]


async def own_lines(turn: Turn, courses: Courses) -> list[Phrase]:
    """Return who holds each request that a person has under way."""
    return [
        who_holds_line(await courses.standing(each, turn.now), turn.employee.locale)
        for each in await courses.open_of(turn.employee)
    ]


def who_holds_line(standing: Standing, locale: str) -> Phrase:
    """Say who holds a request."""
    what = title(standing, locale)
    if standing.running.status == "rework":
        return t("• {what}: sent back to you", what=what)
    if standing.settles_at is not None:
        return t("• {what}: decided, final in a moment", what=what)
    return t("• {what}. Decides: {names}", what=what, names=names(standing.holders()))


@router.command("requests", t("My requests by templates, and who holds them"))
async def holders(turn: Turn, courses: Courses, seals: Seals) -> Reply:
    """Say who holds a person's requests, and show the newest as cards."""
    identity = turn.employee.identity(turn.message.channel)
    own = await courses.open_of(turn.employee)
    if not own or identity is None:
        return turn.say(t("Nothing of yours is under way. Begin something: /request"))
    standings = [await courses.standing(each, turn.now) for each in own]
    rows = [who_holds_line(each, turn.employee.locale) for each in standings]
    newest = standings[0]
    shown = Say(
        card(newest, turn.employee),
        keyboard(newest, identity, turn.employee, seals),
        slot=slot_of(newest.request.id),
    )
    return Reply((Say(lines(t("*Your requests:*"), *rows)), shown))

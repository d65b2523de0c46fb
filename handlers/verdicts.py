"""A verdict in bare words, «не согласовано»: a remark that decides nothing; the buttons that decide are shown (E14)."""

from bot.dispatch.turn import Turn
from bot.domain.approvals.request import as_reason
from bot.messages import Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import lines, t
from bot.understanding.verdicts import is_verdict
from bot.words.routed import card
from handlers.cards import requests as single
from handlers.cards import routed

MOST_SHOWN = 3


async def asked_by_button(
    turn: Turn, approvals: Approvals, courses: Courses, people: People, arounds: Arounds, seals: Seals
) -> Reply | None:
    """Show what the words may be meant for, with its buttons; None where they are no verdict, or nothing waits.

    Where it is one request whose route takes comments, the words are kept with it for everybody who sees the card.
    """
    identity = turn.employee.identity(turn.message.channel)
    if identity is None or not is_verdict(turn.message.text):
        return None
    requests = await approvals.looked_through(turn.employee, turn.now)
    standings = [await courses.standing(each, turn.now) for each in await courses.waiting_for(turn.employee)]
    if not requests and not standings:
        return None
    heading = t("Words alone decide nothing. Please press a button:")
    if not requests and len(standings) == 1 and (noted := await _noted(turn, standings[0], courses)) is not None:
        heading, standings = t("💬 Noted as a comment. It decides nothing; for that, please press a button:"), [noted]
    says = [
        Say(
            await single.deciding_body(each, people, arounds),
            single.decide_keyboard(each, identity, turn.employee, seals),
            slot=single.slot_of(each.id),
        )
        for each in requests
    ]
    says += [
        Say(
            card(each, turn.employee),
            routed.keyboard(each, identity, turn.employee, seals),
            slot=routed.slot_of(each.request.id),
        )
        for each in standings
    ]
    more = t("All that waits: /approvals") if len(says) > MOST_SHOWN else None
    return Reply((Say(lines(heading, more)), *says[:MOST_SHOWN]), turn.state)


async def _noted(turn: Turn, standing: Standing, courses: Courses) -> Standing | None:
    """Keep the words as a comment where the route takes one."""
    mark = standing.request.seat_of(turn.employee.id)
    track = None if mark is None else standing.track(mark.track)
    if mark is None or track is None or "comment" not in track.actions:
        return None
    said = as_reason(turn.message.text)
    at = turn.message.channel
    done = await courses.do(standing.request, "comment", turn.employee, turn.now, mark=mark, reason=said, at=at)
    return None if done.refusal else done.standing

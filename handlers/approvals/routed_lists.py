"""Requests on routes in lists: what waits for a person, and who holds what they asked for."""

from collections.abc import Sequence

from bot.dispatch.turn import Turn
from bot.domain.approvals.request import ApprovalRequest
from bot.messages import Say
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.services.approvals.waiting import on_routes
from bot.text import Phrase, t
from bot.words.routed import card, names, title
from handlers.approvals.replied import card_slot
from handlers.cards.requests import request_of as single_request_of
from handlers.cards.routed import keyboard, request_of, slot_of

SHOWN_AS_CARDS = 5


async def waiting_standings(turn: Turn, courses: Courses) -> list[Standing]:
    """Return what waits for a person, those with the earliest deadline first."""
    return await on_routes(courses, turn.employee, turn.now)


async def meant_standings(turn: Turn, courses: Courses) -> list[Standing]:
    """Return what words may be about: where they answer a message about a request, that one alone if it waits (E13)."""
    waiting, card = await waiting_standings(turn, courses), card_slot(turn.replied_slot)
    if request_of(card) is None and single_request_of(card) is None:
        return waiting
    return [each for each in waiting if each.request.id == request_of(card)]


def meant_single(turn: Turn, waiting: Sequence[ApprovalRequest]) -> list[ApprovalRequest]:
    """Return which of the requests with one seat words may be about, in the same way."""
    card = card_slot(turn.replied_slot)
    if request_of(card) is None and single_request_of(card) is None:
        return list(waiting)
    return [each for each in waiting if each.id == single_request_of(card)]


def cards_of(turn: Turn, standings: Sequence[Standing], seals: Seals) -> list[Say]:
    """Return the first of them as cards that can be answered."""
    identity = turn.employee.identity(turn.message.channel)
    if identity is None:
        return []
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

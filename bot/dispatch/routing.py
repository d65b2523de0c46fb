"""From a turn to its reply: the routes that fit, first match first, and what a refusal says."""

from dataclasses import replace
from typing import Any

from bot.actions import Action, UnknownAction
from bot.dispatch.language import in_their_language
from bot.dispatch.meeting import reached
from bot.dispatch.router import Otherwise, Route, RouteTable
from bot.dispatch.turn import OLD, Turn
from bot.domain.errors import Disabled, Refusal
from bot.domain.rights import check
from bot.messages import IncomingKind, Reply
from bot.services.people.people import People
from bot.services.wiring import Services

ANSWERED = "answered"
"""What became of a turn that a handler answered."""
Match = tuple[Route, object, str]
"""A route, what it is about, and what followed the command."""


async def reply_to(turn: Turn, routes: RouteTable, services: Services, line: dict[str, Any]) -> tuple[Reply, str]:
    """Return the first answer of the handlers that fit, and what became of the turn; `line` learns who answered."""
    try:
        if turn.employee.is_disabled:
            raise Disabled
        waiting, ends = matches(turn, routes), False
        while waiting:
            route, subject, arguments = waiting.pop(0)
            line["handler"] = route.name
            if route.right is not None:
                check(turn.employee, route.right)
            reply: Reply = await route.call(services, _with_arguments(turn, arguments), subject)
            ends = ends or reply.ends
            if reply.instead is not None:
                turn = turn.meaning(*reply.instead)
                waiting = [(routes.intents[reply.instead[0]], None, "")]
            elif reply.agreed and turn.state is not None:
                waiting = [(routes.deeds[type(turn.state)], turn.state, "")]
            elif reply.handled:
                return (replace(reply, ends=ends) if ends and not reply.ends else reply), ANSWERED
        raise LookupError("no handler answered")
    except Refusal as refusal:
        # What the handler had noted goes; what is true of the person whatever they asked is noted anew.
        services.uow.forget()
        reached(services.uow, turn.employee, turn.message)
        turn = in_their_language(turn, services.get(People))
        return await routes.refusal(type(refusal)).call(services, turn, refusal), refusal.code


def _with_arguments(turn: Turn, arguments: str) -> Turn:
    return turn if turn.arguments == arguments else replace(turn, arguments=arguments)


def matches(turn: Turn, routes: RouteTable) -> list[Match]:
    """List the routes that could answer the turn: commands, then the open question, then plain words."""
    message = turn.message
    if turn.mark == OLD and message.kind in (IncomingKind.TEXT, IncomingKind.PRESS):
        return [(routes.others[Otherwise.LONG_AGO], None, "")]
    match message.kind:
        case IncomingKind.PRESS:
            try:
                action = Action.unpack(message.data)
                return [(routes.presses[type(action)], action, "")]
            except (UnknownAction, KeyError):
                return [(routes.others[Otherwise.STALE_BUTTON], None, "")]
        case IncomingKind.GREETING:
            return [(routes.commands["start"], None, "")]
        case IncomingKind.INVITED:
            return [(routes.others[Otherwise.INVITED], None, "")]
        case IncomingKind.EDITED:
            return [(routes.others[Otherwise.EDITED], None, "")]
        case IncomingKind.UNREADABLE:
            return [*_answer_by_file(turn, routes), (routes.others[_unread(turn)], None, "")]
        case IncomingKind.NOT_OWN:
            return [(routes.others[Otherwise.NOT_OWN], None, "")]
    text = message.text.strip()
    if text.startswith("/"):
        name, _, arguments = text[1:].partition(" ")
        route = routes.commands.get(name.casefold())
        return [(route or routes.others[Otherwise.UNKNOWN_COMMAND], None, arguments.strip())]
    last = Otherwise.FILE if _unread(turn) is Otherwise.FILE else Otherwise.NOT_UNDERSTOOD
    rest = [*_meant(turn, routes), (routes.others[last], None, "")]
    return [*_to_a_card(turn, routes), *rest] if _is_about_a_card(turn, routes) else [*_answer(turn, routes), *rest]


def _is_about_a_card(turn: Turn, routes: RouteTable) -> bool:
    """Whether words answer a message of ours that is not the open question, and that can be answered (E13)."""
    return bool(_to_a_card(turn, routes)) and (turn.state is None or turn.is_elsewhere)


def _to_a_card(turn: Turn, routes: RouteTable) -> list[Match]:
    kind = turn.replied_slot.partition(":")[0]
    return [(routes.replies[kind], turn.replied, "")] if kind in routes.replies else []


def _unread(turn: Turn) -> Otherwise:
    """A document may be of use by itself; a picture, a voice or a sticker says nothing."""
    is_document = any(not each.is_picture for each in turn.message.files)
    return Otherwise.FILE if is_document else Otherwise.UNREADABLE


def _answer_by_file(turn: Turn, routes: RouteTable) -> list[Match]:
    """A file without words answers a question that takes files, and no other one."""
    takes = turn.message.files and turn.state is not None and type(turn.state).takes_files
    return _answer(turn, routes) if takes else []


def _answer(turn: Turn, routes: RouteTable) -> list[Match]:
    answer = routes.answer(type(turn.state)) if turn.state is not None else None
    return [(answer, turn.state, "")] if answer is not None else []


def _meant(turn: Turn, routes: RouteTable) -> list[Match]:
    understood = turn.understood
    if understood.intent not in routes.intents:
        return []
    if understood.ambiguous:
        return [(routes.others[Otherwise.AMBIGUOUS], None, "")]
    return [(routes.intents[understood.intent], None, "")]

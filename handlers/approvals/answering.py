"""Words in answer to a card leave the open question as it is, unless that is about the same request."""

from dataclasses import replace

from bot.dispatch.turn import Turn
from bot.messages import Replied, Reply, State
from bot.understanding.card_answers import card_answer
from handlers.approvals.approvals import AskReason
from handlers.approvals.card_meaning import AskMeaning
from handlers.approvals.deciding import ConfirmRejection
from handlers.approvals.handing_over import ConfirmHandingOver
from handlers.approvals.routed import RoutedWords
from handlers.approvals.routed_waiting import ConfirmAnswer
from handlers.cards.requests import request_of
from handlers.cards.routed import request_of as routed_of

_ANSWERS = ("decline", "confirm", "cancel", "undo", "approvals", "status")
"""What may mean an answer as well; words that mean anything else of their own are no answer to a card."""
_CLEAR = ("approve", "reject", "return", "withdraw", "comment", "show")


def means_another(turn: Turn) -> bool:
    """Whether the words mean something of their own, that is no answer to a card."""
    intent = turn.understood.intent
    return intent is not None and intent not in _ANSWERS and card_answer(turn.message.text).do not in _CLEAR


def kept(turn: Turn, reply: Reply, request_id: int) -> Reply:
    """Leave the open question as it is, unless it is about the same request: that one is answered."""
    if concerns_state(turn.state, request_id):
        return replace(reply, ends=True)
    return replace(reply, state=reply.state or turn.state)


def concerns_state(state: State | None, request_id: int) -> bool:
    """Return whether an open question is about that request."""
    match state:
        case RoutedWords() | AskReason() | ConfirmAnswer() | ConfirmHandingOver() | ConfirmRejection():
            return state.request_id == request_id
        case AskMeaning():
            return request_id in (routed_of(state.card), request_of(state.card))
        case _:
            return False


def as_answer(turn: Turn, slot: str) -> Turn:
    """Return the turn as an answer to the question itself, though its card was answered."""
    return replace(turn, replied=Replied(slot))


def answered(turn: Turn, reply: Reply, request_id: int) -> Reply:
    """An answer to a former question leaves the one that is open."""
    if not reply.handled or reply.state is not None or concerns_state(turn.state, request_id):
        return reply
    return replace(reply, state=turn.state, ends=False)

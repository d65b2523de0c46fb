"""Words in answer to the card of a request on a route: clear ones do what a press would do."""

from dataclasses import replace

from bot.dispatch.turn import Turn
from bot.domain.approvals.event import Do
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.request import as_reason
from bot.domain.approvals.routed import SeatMark
from bot.messages import NO_BUTTONS, Reply, Say
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.text import Phrase, t
from bot.understanding.card_answers import CardAnswer, card_answer
from bot.words.routed import title
from handlers.approvals.answering import answered, as_answer, kept, means_another
from handlers.approvals.card_meaning import AskMeaning, ask_meaning, said
from handlers.approvals.replied import AskedAbout
from handlers.approvals.routed import (
    RoutedWords,
    ask_words,
    end_code,
    shown_card,
    taken,
    true_card,
    up_to_date,
    words_given,
)
from handlers.approvals.routed_lists import cards_of
from handlers.approvals.routed_own import withdrawn
from handlers.approvals.routed_waiting import answer_with_reason
from handlers.cards.routed import request_of, slot_of


async def about_routed(
    turn: Turn,
    request_id: int,
    asked: AskedAbout | None,
    courses: Courses,
    people: People,
    seals: Seals,
    *,
    is_card: bool = True,
) -> Reply:
    """Take words that answer its card; `asked` is what waits for words of this person about it, if anything does.

    Where it is no card that is answered but what somebody said or asked beside one, a plain yes or no may be meant for
    that alone: it decides nothing.
    """
    answer = card_answer(turn.message.text)
    if not is_card and answer.is_plain:
        answer = CardAnswer("")
    elif means_another(turn):
        return turn.pass_on()
    request = await courses.get(turn.portal.id, request_id)
    if not request.concerns(turn.employee.id):
        raise UnknownRequest
    standing = await up_to_date(turn, request, courses)
    mark = standing.request.seat_of(turn.employee.id)
    if answer.do == "show" or _opened_later(turn, standing):
        return Reply(tuple(cards_of(turn, [standing], seals)), turn.state)
    is_asked = asked is not None and asked.what != "m" and mark is not None and asked.seat_id == mark.id
    if answer.do == "" and asked is not None and is_asked:
        return await given_on_route(turn, asked, courses, people, seals)
    is_own = turn.employee.id == standing.request.initiator_id
    takes_back = turn.understood.intent in {"undo", "cancel"} or (answer.do == "withdraw" and not is_own)
    if takes_back and standing.undoable(turn.employee) is not None:
        return await _do(turn, standing, "undo", None, "", courses, seals)
    if mark is None and is_own:
        return await _from_initiator(turn, standing, answer, courses, seals, is_card=is_card)
    return await _from_holder(turn, standing, mark, answer, courses, seals)


def _opened_later(turn: Turn, standing: Standing) -> bool:
    """Whether what is asked now was asked only after the words were written: they answered what was before."""
    opened = [each.at for each in standing.request.record if each.what.startswith("stage ")]
    return standing.request.is_open and bool(opened) and turn.now < opened[-1]


async def _from_initiator(
    turn: Turn, standing: Standing, answer: CardAnswer, courses: Courses, seals: Seals, *, is_card: bool
) -> Reply:
    """Whoever began it takes it back, or says something to those who answer: whatever they answer a question with."""
    if answer.do == "withdraw":
        return kept(turn, await withdrawn(turn, standing.request, courses, seals), standing.request.id)
    if not standing.request.is_open:
        return true_card(turn, standing, end_code(standing), seals)
    is_verdict = answer.do in {"approve", "reject", "return"} or turn.understood.intent in {"cancel", "undo"}
    if is_card and is_verdict:
        return true_card(turn, standing, "not_your_seat", seals)
    words = answer.words if answer.do == "comment" else said(turn)
    return await _do(turn, standing, "comment", None, words, courses, seals)


async def _from_holder(
    turn: Turn, standing: Standing, mark: SeatMark | None, answer: CardAnswer, courses: Courses, seals: Seals
) -> Reply:
    """Whoever is asked answers in words; a word more is asked for only where the route wants one."""
    track = None if mark is None else standing.track(mark.track)
    if not standing.request.is_open or mark is None or track is None:
        code = end_code(standing) if not standing.request.is_open else "not_your_seat"
        if standing.request.is_open and answer.do in {"approve", "reject", "return"}:  # the course knows why not
            return await _do(turn, standing, _do_of(answer), None, answer.words, courses, seals)
        return true_card(turn, standing, code, seals)

    def ask(what: str, *, can_be_silent: bool = False) -> Reply:
        asked = RoutedWords(standing.request.id, mark.id, mark.round, what)
        return ask_words(turn, standing, asked, seals if can_be_silent else None)

    match answer.do:
        case "approve" | "reject":
            if track.comment_required in {answer.do, "always"} and not answer.words:
                return ask("a" if answer.do == "approve" else "r")
            return await _do(turn, standing, answer.do, mark, answer.words, courses, seals)
        case "return":
            if "return" not in track.actions or standing.is_last_round:
                return answer_with_reason(turn, standing, "b", answer.words, seals)
            if not answer.words:
                return ask("b", can_be_silent=track.comment_required not in {"return", "always"})
            return await _do(turn, standing, "return", mark, answer.words, courses, seals)
        case "ask" | "comment":
            do: Do = answer.do if answer.do in track.actions else "comment"
            if do not in track.actions:
                told = t("No questions or comments are taken here: approve it, or reject it with what is missing.")
                return Reply((Say(told), *cards_of(turn, [standing], seals)), turn.state)
            if not answer.words:
                return ask("q" if do == "ask" else "c")
            return await _do(turn, standing, do, mark, answer.words, courses, seals)
        case "withdraw":
            told = t("Only the person who asked can take the request back.")
            return Reply((Say(told), *cards_of(turn, [standing], seals)), turn.state)
    if turn.understood.intent in {"cancel", "undo"}:
        return Reply(tuple(cards_of(turn, [standing], seals)), turn.state)
    can = ["a", "r", *(["b"] if "return" in track.actions else []), *(["c"] if "comment" in track.actions else [])]
    what = title(standing, turn.employee.locale)
    return ask_meaning(turn, AskMeaning(slot_of(standing.request.id), mark.id, mark.round, said(turn)), what, can)


def _do_of(answer: CardAnswer) -> Do:
    return "approve" if answer.do == "approve" else "reject" if answer.do == "reject" else "return"


async def _do(
    turn: Turn, standing: Standing, do: Do, mark: SeatMark | None, words: str, courses: Courses, seals: Seals
) -> Reply:
    """Do it as a press does; the card shows what came of it, and a question that waits for something else goes on."""
    done = await courses.do(
        standing.request, do, turn.employee, turn.now, mark=mark, reason=as_reason(words), at=turn.message.channel
    )
    if done.refusal:
        return true_card(turn, done.standing, done.refusal, seals)
    return kept(
        turn, Reply((shown_card(turn, done.standing, seals), Say(_told(do, done.standing, words)))), standing.request.id
    )


def _told(do: Do, standing: Standing, words: str) -> Phrase:
    if do == "undo":
        return t("↩️ Taken back: nothing had been done yet.")
    return t("❌ Rejected.") if do == "reject" and not words else taken(do, standing)


async def given_on_route(turn: Turn, asked: AskedAbout, courses: Courses, people: People, seals: Seals) -> Reply:
    """Take words as the answer to what was asked about it, though another question came after it."""
    request_id = request_of(asked.card) or 0
    words = RoutedWords(request_id, asked.seat_id, asked.round, asked.what)
    if isinstance(turn.state, RoutedWords) and turn.state.slot == words.slot:
        words = turn.state
    reply = await words_given(as_answer(turn, words.slot), words, courses, people, seals)
    return answered(turn, reply, request_id)


async def meant_on_route(turn: Turn, asked: AskMeaning, what: str, courses: Courses, seals: Seals) -> Reply:
    """Do what the words were said to mean; what moved on meanwhile is shown as it is instead."""
    request = await courses.get(turn.portal.id, request_of(asked.card) or 0)
    standing = await up_to_date(turn, request, courses)
    mark = standing.request.seat(asked.seat_id)
    if mark is None or mark.round != asked.round or standing.request.seat_of(turn.employee.id) != mark:
        shown = true_card(turn, standing, end_code(standing), seals)
        return Reply(shown.says, ends=True)
    does: dict[str, Do] = {"a": "approve", "r": "reject", "b": "return", "c": "comment"}
    do = does[what]
    done = await courses.do(
        standing.request, do, turn.employee, turn.now, mark=mark, reason=asked.text, at=turn.message.channel
    )
    if done.refusal:
        return Reply(true_card(turn, done.standing, done.refusal, seals).says, ends=True)
    told = turn.place(taken(do, done.standing), NO_BUTTONS, asked.slot)
    return Reply((told, replace(shown_card(turn, done.standing, seals), pressed="")), ends=True)

"""What words mean that answer a request's card: which of its answers they give, and with what reason.

They decide only where they say so from their first word on, in whole phrases: «нет, дорого», "approved". A condition,
a doubt, a question or the opposite in the rest leaves open what is meant, and whoever wrote is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal

CardDo = Literal["approve", "reject", "return", "ask", "comment", "withdraw", "show", ""]
MAX_LENGTH: Final = 2_000

_APPROVES: Final = (
    "согласовано согласован согласована согласовываю согласую согласуй согласуйте согласовать одобрено одобряю одобри "
    "одобрить утверждено утверждаю утверди утвердить поддерживаю approve approved approving accept accepted lgtm 👍 ✅"
)
_AGREES: Final = (
    "да|ага|угу|ок|окей|хорошо|добро|за|я за|согласен|согласна|согласны|не возражаю|не против|я не против|"
    "возражений нет|нет возражений|без возражений|да будет так|ok|okay|k|yes|yep|yeah|sure|agree|agreed|i agree|"
    "i approve|no objections|no objection|looks good|go ahead|fine by me|fine with me|"
    r"\+|\+1"
)
_REJECTS: Final = (
    "не согласовано|не согласован|не согласована|не согласую|не согласовываю|не согласовывать|не согласен|"
    "не согласна|не согласны|не одобряю|не одобрено|не одобрен|не одобрена|не утверждаю|не утверждено|"
    "отклонено|отклоняю|отклони|отклоните|отклонить|отказ|отказано|отказать|отказываю|откажи|против|я против|"
    "возражаю|reject|rejected|rejecting|decline|declined|deny|denied|refuse|refused|not approved|do not approve|"
    "dont approve|don't approve|disagree|i disagree|turn it down|turned down|👎|❌"
)
_BARE: Final = (
    "отказ|отказано|отказать|против|я против|отклонено|отклонить|rejected|declined|denied|refused|на доработку|"
    "на переделку|верни|верните|вернуть|возвращаю|доработать|переделать|return|rework|send back|sent back"
)
"""What begins other sentences as well, «верни деньги»: it decides only where a pause or nothing follows."""
_DENIES: Final = "нет|неа|не надо|не нужно|не пойдет|нельзя|no|nope|nah"
_RETURNS: Final = (
    "на доработку|на переделку|верни на доработку|вернуть на доработку|возвращаю на доработку|верните на доработку|"
    "верни|верните|вернуть|возвращаю|доработай|доработайте|доработать|переделай|переделайте|переделать|"
    "нужна доработка|send it back|send this back|send back|sent back|return|rework it|rework|needs rework|↩️"
)
_WITHDRAWS: Final = (
    "отзови|отзовите|отозвать|отзываю|забираю|забери|withdraw|withdraw it|withdraw this|take it back|revoke|revoke it"
)
_ASKS: Final = "спроси|спросите|спросить|вопрос|уточни|уточните|ask|question"
_ASKED_OF: Final = r"(?:у\s+)?(?:него|нее|неё|них|автора|him|her|them|the author)"
_REMARKS: Final = "комментарий|коммент|комент|примечание|заметка|comment|note"
_SHOWS: Final = (
    r"(?:а )?(?:у кого(?: она| заявка| это)?|кто (?:решает|согласует|держит|согласовал)|где (?:она|заявка)|статус|"
    r"что с (?:ней|заявкой|этим)|who (?:decides|holds|has)(?: it| this)?|status|where is it)"
)
_FOR_REWORK: Final = r"(?:\s+(?:на\s+(?:доработку|переделку)|for\s+rework|back))?"
_OBJECT: Final = r"(?:\s+(?:эту|это|её|ее|его|заявку|запрос|it|this|the\s+request|request|№\s*\d+|no\.?\s*\d+))*"
_COURTESY: Final = re.compile(
    r"^(?:спасибо|пожалуйста|конечно|полностью|я|thanks|thank you|please|of course|всё|все|ок)(?=\W|$)"
)
_DOUBT: Final = re.compile(
    r"\?|\b(?:если|но|только|кроме|хотя|сначала|сперва|пока не|потом|позже|возможно|наверное|наверно|может|вряд ли|"
    r"if|but|unless|only|except|however|first|until|later|maybe|perhaps|though)\b"
)
_FOR: Final = re.compile(
    r"\b(?:соглас|одобр|утверд|утвержд|approv|accept|agree)\w*|\b(?:возражени|вопрос|проблем|objection|question|problem)"
    r"\w*|\b(?:да|ок|ok|yes)\b"
)
_AGAINST: Final = re.compile(
    r"\b(?:не|нет|нельзя|отклон\w*|отказ\w*|против|not|no|never|reject\w*|declin\w*|den(?:y|ied))\b|n't\b"
)
_MILD: Final = re.compile(
    r"(?<!не )(?<!not )(?<!n't )\b(?:хорошо|отлично|прекрасно|норм|нормально|порядок|порядке|устраивает|подходит|"
    r"годится|можно|разрешаю|поехали|езжай\w*|едь\w*|пусть|пускай|дава(?:й|йте)|fine|good|great|perfect|alright|"
    r"all right|okay|go (?:ahead|on|for it)|works|sure|welcome|please|happy|by all means|feel free|"
    r"let (?:him|her|them|it|us))\b|\bне (?:возража|против|сомнева|мешаю|жалко)|"
    r"\b(?:против ничего|ничего против|все (?:ок|верно|так|правильно))\b|"
    r"\b(?:замечани|претензи|сложност|сомнени|concern|issue|doubt|worr|complaint)\w*|"
    r"(?:\bnot|n't) (?:mind|against)\b"
)
"""Behind a plain no it is a polite yes: «нет, не возражаю», "no, go ahead"."""
_QUESTION_WORDS: Final = re.compile(
    r"^(?:почему|зачем|а почему|а зачем|для чего|why|what for|how come)(?=\W|$)(?:\s+\S+){0,4}$"
)
_PAUSE: Final = r"\s*(?:[,.:;!…–—\n-]+\s*)+"


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What words in answer to a card give: what is done, and the reason or the question. "" does nothing yet."""

    do: CardDo
    words: str = ""
    is_plain: bool = field(default=False, compare=False)
    """It begins with a plain yes or no: in answer to somebody's question that is an answer, and no decision."""


def _phrases(listed: str, *, by: str = "|") -> str:
    """Return a pattern of whole phrases, longest first."""
    found = sorted(listed.split(by), key=len, reverse=True)
    return "|".join(each if by == "|" and each.startswith("\\") else re.escape(each) for each in found)


def _begins(phrases: str, more: str = "") -> re.Pattern[str]:
    return re.compile(rf"^(?:{phrases}){more}(?=$|[\s,.:;!?…–—-])")


_STRONG_FOR: Final = _begins(_phrases(_APPROVES, by=" "), _OBJECT)
_WEAK_FOR: Final = _begins(_phrases(_AGREES))
_STRONG_AGAINST: Final = _begins(_phrases(_REJECTS), _OBJECT)
_WEAK_AGAINST: Final = _begins(_phrases(_DENIES))
_BACK: Final = _begins(_phrases(_RETURNS), _OBJECT + _FOR_REWORK)
_BARELY: Final = _begins(_phrases(_BARE), _OBJECT)
_WITHDRAWING: Final = _begins(_phrases(_WITHDRAWS), _OBJECT)
_ASKING: Final = _begins(_phrases(_ASKS), rf"(?:\s+{_ASKED_OF})?")
_REMARKING: Final = re.compile(rf"^(?:{_phrases(_REMARKS)})\s*[:–—-]")
_SHOWING: Final = re.compile(rf"^{_SHOWS}\s*\??$")
_GAP: Final = re.compile(_PAUSE)
_BETWEEN: Final = re.compile(r"[\s,.!]+")


def card_answer(text: str) -> CardAnswer:
    """Return what the words give as an answer to a card."""
    said = " ".join(text.split()).strip()
    low = said.casefold().replace("ё", "е").replace("’", "'")
    if not said or len(said) > MAX_LENGTH or len(low) != len(said):  # a few letters change their length
        return CardAnswer("")
    if _SHOWING.match(low):
        return CardAnswer("show")
    if found := _REMARKING.match(low):
        rest = said[found.end() :].strip()
        return CardAnswer("comment", rest) if rest else CardAnswer("")
    if (verdict := _verdict(said, low)) is not None:
        return replace(verdict, is_plain=bool(_WEAK_FOR.match(low) or _WEAK_AGAINST.match(low)))
    if found := _WITHDRAWING.match(low):
        return CardAnswer("withdraw") if not _rest(said, found.end()) else CardAnswer("")
    if found := _BACK.match(low):
        return _with_reason("return", said, low, found.end(), is_clear=_decides(low, found.end()))
    if found := _ASKING.match(low):
        is_named = low.startswith(("спро", "вопрос", "ask", "question"))
        rest = _rest(said, found.end()) if is_named else said
        return CardAnswer("ask", rest)
    if low.endswith("?") or _QUESTION_WORDS.match(low.rstrip(" ?!.")):
        return CardAnswer("ask", said)
    return CardAnswer("")


def _verdict(said: str, low: str) -> CardAnswer | None:
    """Return the yes or no with which the words begin; None where they begin with neither."""
    end = _agreed(low)
    if end is not None:
        if not _rest(said, end):
            return CardAnswer("approve")
        rest = low[end:]
        is_clear = _STRONG_FOR.match(low) and _GAP.match(rest)
        if is_clear and not _DOUBT.search(rest) and not _AGAINST.search(rest):
            return CardAnswer("approve", _rest(said, end))
        return CardAnswer("")
    if found := _STRONG_AGAINST.match(low):
        return _with_reason("reject", said, low, found.end(), is_clear=_decides(low, found.end()))
    if found := _WEAK_AGAINST.match(low):
        after = low[found.end() :]
        gap = _GAP.match(after)
        if gap and (more := _STRONG_AGAINST.match(after[gap.end() :])):  # «нет, не согласовано: дорого»
            end = found.end() + gap.end() + more.end()
            return _with_reason("reject", said, low, end, is_clear=_decides(low, end, found.end() + gap.end()))
        return _with_reason("reject", said, low, found.end(), is_clear=gap is not None and not _is_mild(after))
    return None


def _decides(low: str, end: int, begin: int = 0) -> bool:
    """Whether a phrase decides with what follows it: some begin other sentences as well, unless a pause follows."""
    bare = _BARELY.match(low[begin:end])
    return bare is None or begin + bare.end() != end or _GAP.match(low[end:]) is not None


def _is_mild(after: str) -> bool:
    """Whether what follows a plain no is a polite yes."""
    rest = after.strip(" \t,.:;!…–—-\n")
    return _MILD.search(after) is not None or (bool(rest) and _agreed(rest) == len(rest))


def _agreed(low: str) -> int | None:
    """Return where words of agreement end that stand at the beginning, one after another."""
    at, found = 0, False
    while at < len(low):
        gap = _BETWEEN.match(low, at) if found else None
        start = at if gap is None else gap.end()
        match = _STRONG_FOR.match(low[start:]) or _WEAK_FOR.match(low[start:])
        match = match or (_COURTESY.match(low[start:]) if found else None)
        if match is None or (found and gap is None):
            break
        found, at = True, start + match.end()
    return at if found else None


def _with_reason(do: CardDo, said: str, low: str, end: int, *, is_clear: bool) -> CardAnswer:
    """Return the answer with what follows as its reason, where that does not turn it round."""
    rest = _rest(said, end)
    if not rest:
        return CardAnswer("") if low.endswith("?") else CardAnswer(do)
    after = low[end:]
    turned = do == "reject" and _FOR.search(after)
    if not is_clear or turned or _DOUBT.search(after):
        return CardAnswer("")
    return CardAnswer(do, rest)


def _rest(said: str, end: int) -> str:
    """Return what follows, without the pause before it."""
    return said[end:].strip(" \t,.:;!…–—-\n")

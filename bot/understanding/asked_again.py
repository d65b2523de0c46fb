"""Asking again: «спроси ещё раз», «подай заявку 3 снова», «напомни согласующим», "remind them about my request".

It names one's own request, or none; which it is, and whether anybody is reminded or a new one begins, is for the reply.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.model import Reading
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.leave_words import Matter

AGAIN: Final = word_class("раз снова заново повторно again more")
HURRIES: Final = word_class(
    "напомни напомните напомнить поторопи поторопите remind nudge chase согласующим согласующему согласующих"
)
_REQUEST: Final = r"(?:(?:мо[юей]+|эту|my|the|this|it)\s+)?(?:заявк[уеи]|запрос\w*|согласовани[ея]|request)?"
_NUMBER: Final = r"(?:\s*(?:№|#|no\.?|number|номер)?\s*\d{1,9})?"
_DIGITS: Final = re.compile(r"\d{1,9}")
_ONCE_MORE: Final = re.compile(
    rf"(?:пожалуйста,?\s+)?(?:спроси|спросите|подай|подайте|подать|отправь|отправьте|отправить|пошли|запроси|запросить|"
    rf"ask|submit|send|file)\s*{_REQUEST}{_NUMBER}\s*(?:ещ[её]\s+раз|снова|заново|повторно|again|once\s+more)",
    re.IGNORECASE,
)
_HURRY: Final = re.compile(
    rf"(?:(?:напомни|напомните|remind|nudge|chase)\s+(?:(?:им|тем,?\s+кто\s+согласует|согласующ\w+|руководителю|them|"
    rf"(?:the\s+)?approvers?|(?:the\s+)?holders?)\s*)?(?:(?:по|о|об|про|about|of|on)\s+)?{_REQUEST}{_NUMBER}|"
    rf"(?:поторопи|поторопите|hurry)\s+(?:согласующ\w+|согласование|заявку|the\s+approvers?){_NUMBER})",
    re.IGNORECASE,
)
_OF_A_REQUEST: Final = re.compile(
    r"заявк|запрос|согласу|согласован|руководит|request|approver|holder|\bthem\b|\bим\b|this|\bit\b", re.IGNORECASE
)


def ask_again(said: Matter) -> tuple[Reading, ...] | None:
    """«Спроси ещё раз», «напомни по заявке 12»: nothing else may be said beside it."""
    text = said.heard.text.strip().rstrip(".!").strip()
    is_hurry = _HURRY.fullmatch(text) and _OF_A_REQUEST.search(text)
    if not is_hurry and not _ONCE_MORE.fullmatch(text):
        return None
    number = _DIGITS.search(text)
    return (Reading("ask_again", {"request": number[0]} if number else {}),)

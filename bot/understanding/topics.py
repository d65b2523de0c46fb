"""What words that nobody understood may be about: for a hint, never for a deed."""

import re
from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "pay": r"зарплат|аванс|преми|оклад|деньг|выплат|получк|salary|wage|payday|payroll|bonus|money|\bpaid\b",
    "person": r"человек|оператор|позови|поддержк|техподдерж|живой|human|operator|support|real person|talk to some",
    "unconfirmed": r"подтвержд[её]н|не подтвержд|unconfirmed|not confirmed",
    "balance": r"минус|баланс|недораб|к норме|переработ|balance|negative|short of|overtime",
    "bot": r"ты кто|кто ты|что ты (умеешь|такое)|ты бот|ты робот|что умеешь|who are you|what are you|are you a bot|"
    r"what can you|your name|как тебя зовут",
    "quiet": r"отключи|отстань|не пиши|не присылай|не беспоко|напомин|напомни|уведомл|тишин|надоел|"
    r"don.?t (message|write|text|disturb)|stop (messaging|writing|sending)|remind|notif|quiet|mute|unsubscribe|"
    r"turn you off",
    "approvals": r"соглас|одобр|утверд|заявк|запрос|approv|request|decline|reject",
    "leave": r"отпуск|отгул|больничн|болею|заболе|командировк|удал[её]н(?!и[еяю])|отсутств|замеща|vacation|day off|"
    r"days off|\bleave\b|sick|holiday|remote|\bwfh\b|business trip|absence|time off|"
    r"свадьб|похорон|утренник|стоматолог|\bврач|переезд|wedding|funeral|dentist|doctor|school play|appointment",
    "schedule": r"график|смен[ауые]|расписан|выходн|праздн|рабоч\w+ день|во сколько|до скольки|schedule|shift|rota|"
    r"roster|weekend",
    "marks": r"отмет|приход|уход|приш[её]л|пришла|уш[её]л|ушла|перерыв|обед|исправ|забыл|check.?in|check.?out|clock|"
    r"lunch|break|punch|forgot|correct|\bfix\b",
    "hours": r"час[ыоа]|отработ|табел|недел|месяц|статистик|отч[её]т|hours|timesheet|worked|week|month|"
    r"report|statistic",
}
_FOUND: Final = {topic: re.compile(words, re.IGNORECASE) for topic, words in _WORDS.items()}


def topic_of(text: str) -> str | None:
    """Return what a text seems to be about, or None: the narrowest topic of which a word is there."""
    return next((topic for topic, words in _FOUND.items() if words.search(text)), None)

"""The letter codes of form Т-13: the whole table of the resolution, and which of them this program writes.

Goskomstat's resolution of 05.01.2004 No. 1 names the codes; a portal may have its own.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.leave.absence import AbsenceKind

TRUANCY = "ПР"
"""Never written: whether an absence was truancy is found by people, not by a program."""
NAMES: Mapping[str, str] = {
    "Я": "работа в дневное время",
    "Н": "работа в ночное время",
    "РВ": "работа в выходные и нерабочие праздничные дни",
    "С": "сверхурочная работа",
    "ВМ": "вахта",
    "К": "служебная командировка",
    "ПК": "повышение квалификации с отрывом от работы",
    "ПМ": "повышение квалификации в другой местности",
    "ОТ": "ежегодный основной оплачиваемый отпуск",
    "ОД": "ежегодный дополнительный оплачиваемый отпуск",
    "У": "дополнительный отпуск в связи с обучением, оплачиваемый",
    "УВ": "сокращённое рабочее время для обучающихся",
    "УД": "дополнительный отпуск в связи с обучением без оплаты",
    "Р": "отпуск по беременности и родам",
    "ОЖ": "отпуск по уходу за ребёнком до трёх лет",
    "ДО": "отпуск без сохранения заработной платы с разрешения работодателя",
    "ОЗ": "отпуск без сохранения заработной платы по закону",
    "ДБ": "дополнительный отпуск без сохранения заработной платы",
    "Б": "временная нетрудоспособность с назначением пособия",
    "Т": "временная нетрудоспособность без назначения пособия",
    "ЛЧ": "сокращённое рабочее время по закону",
    "ПВ": "вынужденный прогул",
    "Г": "государственные или общественные обязанности",
    TRUANCY: "прогул",
    "НС": "неполное рабочее время по инициативе работодателя",
    "В": "выходные и нерабочие праздничные дни",
    "ОВ": "дополнительные выходные дни, оплачиваемые",
    "НВ": "дополнительные выходные дни без оплаты",
    "ЗБ": "забастовка",
    "НН": "неявка по невыясненным причинам",
    "РП": "простой по вине работодателя",
    "НП": "простой по независящим причинам",
    "ВП": "простой по вине работника",
    "НО": "отстранение от работы с оплатой",
    "НБ": "отстранение от работы без оплаты",
    "НЗ": "приостановка работы из-за задержки зарплаты",
}
WORK, NIGHT, HOLIDAY, OVERTIME, REST, MISSING = "work", "night", "holiday", "overtime", "rest", "missing"
USUAL: Mapping[str, str] = {
    WORK: "Я",
    NIGHT: "Н",
    HOLIDAY: "РВ",
    OVERTIME: "С",
    REST: "В",
    MISSING: "НН",
    AbsenceKind.VACATION: "ОТ",
    AbsenceKind.DAY_OFF: "ОВ",
    # A sick leave from chat has no paper yet: Б and Т are the personnel officer's to write, and till then it is НН.
    AbsenceKind.SICK: "НН",
    AbsenceKind.UNPAID: "ДО",
    AbsenceKind.REMOTE: "Я",
    AbsenceKind.BUSINESS_TRIP: "К",
    AbsenceKind.OTHER: "НН",
}
BY_CALENDAR = frozenset({"К", "ПК", "ПМ", "ОТ", "ОД", "У", "УД", "Р", "ОЖ", "ДО", "ОЗ", "ДБ", "Б", "Т"})
"""Absences of calendar days: they go on over days off. The others leave a day off a day off."""
WITHOUT_HOLIDAYS = frozenset({"ОТ", "ОД"})
"""Statutory holidays are no days of this leave (Labour Code art. 120)."""
LONGEST = 4
"""Letters of a code."""
OPTION = "t13_codes"
"""The portal's option: from what happened to its letters, such as {"sick": "Б", "remote": "ДУ"}."""


def codes_of(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the portal's codes: the usual ones with its own; what is no code is left out, and ПР always is."""
    own = options.get(OPTION)
    changed = {} if not isinstance(own, Mapping) else {str(key): str(code).strip().upper() for key, code in own.items()}
    fit = {key: code for key, code in changed.items() if key in USUAL and 0 < len(code) <= LONGEST and code != TRUANCY}
    return {**USUAL, **fit}

"""Words of the clock and the calendar in both languages."""

from __future__ import annotations

from typing import Final


def _table(lines: str) -> dict[str, int]:
    """Return word → number from lines of `number: word word …`."""
    table: dict[str, int] = {}
    for line in lines.strip().splitlines():
        number, _, words = line.partition(":")
        table.update(dict.fromkeys(words.split(), int(number)))
    return table


NUMBERS: Final = _table("""
0: ноль нуля zero
1: один одну одна one
2: два две двух two
3: три трех three
4: четыре четырех four
5: пять пяти five
6: шесть шести six
7: семь семи seven
8: восемь восьми eight
9: девять девяти nine
10: десять десяти ten
11: одиннадцать одиннадцати eleven
12: двенадцать двенадцати twelve
13: тринадцать тринадцати thirteen
14: четырнадцать четырнадцати fourteen
15: пятнадцать пятнадцати fifteen
16: шестнадцать шестнадцати sixteen
17: семнадцать семнадцати seventeen
18: восемнадцать восемнадцати eighteen
19: девятнадцать девятнадцати nineteen
20: двадцать двадцати twenty
30: тридцать тридцати thirty
40: сорок сорока forty
45: сорокпять
50: пятьдесят пятидесяти fifty
""")
ORDINALS: Final = _table("""
1: первого первый
2: второго
3: третьего
4: четвертого
5: пятого
6: шестого
7: седьмого
8: восьмого
9: девятого
10: десятого
11: одиннадцатого
12: двенадцатого
""")
HALF_HOURS: Final = {"пол" + word: hour for word, hour in ORDINALS.items() if word.endswith("го")}
MONTHS: Final = _table("""
1: январь января январе янв january jan
2: февраль февраля феврале фев february feb
3: март марта марте мар march mar
4: апрель апреля апреле апр april apr
5: май мая мае may
6: июнь июня июне июн june jun
7: июль июля июле июл july jul
8: август августа августе авг august aug
9: сентябрь сентября сентябре сен сент september sep sept
10: октябрь октября октябре окт october oct
11: ноябрь ноября ноябре ноя нояб november nov
12: декабрь декабря декабре дек december dec
""")
WEEKDAYS: Final = _table("""
0: понедельник понедельника понедельнику понедельники пн пнд monday mon mondays
1: вторник вторника вторнику вт втр tuesday tue tues tuesdays
2: среда среду среды среде ср wednesday wed weds wednesdays
3: четверг четверга четвергу чт чтв thursday thu thur thurs thursdays
4: пятница пятницу пятницы пятнице пт птн friday fri fridays
5: суббота субботу субботы субботе сб суб saturday sat saturdays
6: воскресенье воскресенья воскресенью вс вск воскресение sunday sun sundays
""")
OFFSETS: Final = _table("""
0: сегодня сегодняшний сегодняшнюю сегодняшнее сегодняшнего сегодняшней сегодняшние today todays tonight
-1: вчера вчерашний вчерашнюю вчерашнее вчерашнего вчерашней вчерашние yesterday yesterdays yday
-2: позавчера позавчерашний позавчерашнего позавчерашнюю
1: завтра завтрашний завтрашнего завтрашнюю завтрашней tomorrow tomorrows tmrw tmr tomorow tommorow tommorrow
2: послезавтра послезавтрашнего
""")
TURNS: Final = _table("""
-1: прошлый прошлую прошлое прошлая прошлом прошлой прошлого прошедший прошедшую прошлые last previous past предыдущий предыдущую предыдущей предыдущего
0: этот эту это эта этом этой этого текущий текущую текущая текущем текущей текущего this current нынешний нынешнюю нынешней
1: следующий следующую следующее следующая следующем следующей следующего след некст next будущий будущую будущей будущем
2: ближайший ближайшую ближайшее ближайшая ближайшие coming upcoming
""")
NEAREST: Final = 2
"""The turn of «ближайший», "coming": the first one ahead."""

UNITS: Final = {
    **dict.fromkeys("секунда секунды секунд секунду сек second seconds secs".split(), "second"),
    **dict.fromkeys("минута минуты минут минуту мин м минуток минутку минутки minute minutes min mins m".split(), "minute"),
    **dict.fromkeys("час часа часов ч часик часок часику hour hours hr hrs h hrs".split(), "hour"),
    **dict.fromkeys("день дня дней day days сутки суток денек дн".split(), "day"),
    **dict.fromkeys("неделя недели недель неделю неделе недельку week weeks wk нед".split(), "week"),
    **dict.fromkeys("месяц месяца месяцев месяце month months".split(), "month"),
    **dict.fromkeys("квартал квартала квартале quarter".split(), "quarter"),
    **dict.fromkeys("год года году лет year years".split(), "year"),
}
SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}
PARTS: Final = {
    **dict.fromkeys("утра утром утро am morning".split(), "am"),
    **dict.fromkeys("дня днем pm afternoon".split(), "day"),
    **dict.fromkeys("вечера вечером вечер evening tonight".split(), "evening"),
    **dict.fromkeys("ночи ночью ночь night".split(), "night"),
}
NOON: Final = frozenset({"полдень", "полудня", "noon", "midday"})
MIDNIGHT: Final = frozenset({"полночь", "полночи", "midnight"})
AT: Final = frozenset(
    "в во к ко около примерно ровно at around about approximately circa on in of during roughly since_about".split()
)
SINCE: Final = frozenset("с со от since from начиная между between starting".split())
UNTIL: Final = frozenset("до по till til until to through thru untill вплоть и_до".split())
FOR: Final = frozenset("на за for over в_течение".split())
ORDINAL_ENDINGS: Final = frozenset("st nd rd th го е ое ого му".split())
AGO: Final = frozenset("назад ago back earlier тому".split())

ALL_WORDS: Final = frozenset().union(
    NUMBERS, ORDINALS, HALF_HOURS, MONTHS, WEEKDAYS, OFFSETS, TURNS, UNITS, PARTS, NOON, MIDNIGHT, AT, SINCE, UNTIL,
    FOR, ORDINAL_ENDINGS, AGO,
    "полчаса полчасика полтора полуторачаса пол половина половине половину без четверть четверти half quarter past oclock an a the after before последние последних последний last days через чего час".split(),
)

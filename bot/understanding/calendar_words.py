"""Words of the clock and the calendar in both languages."""

from __future__ import annotations

from typing import Final


def listed(words: str) -> list[str]:
    """Return the words of a line."""
    return words.split()


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
2: два две двух двум two
3: три трех трем three
4: четыре четырех четырем four
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
DAYS_OF_MONTH: Final = ORDINALS | _table("""
1: первое
2: второе
3: третье
4: четвертое
5: пятое
6: шестое
7: седьмое
8: восьмое
9: девятое
10: десятое
11: одиннадцатое
12: двенадцатое
13: тринадцатого тринадцатое
14: четырнадцатого четырнадцатое
15: пятнадцатого пятнадцатое
16: шестнадцатого шестнадцатое
17: семнадцатого семнадцатое
18: восемнадцатого восемнадцатое
19: девятнадцатого девятнадцатое
20: двадцатого двадцатое
30: тридцатого тридцатое
""")
"""Days said in words: «третьего декабря», «по десятое»."""
NTH: Final = _table("""
1: первый первого первом первая первой первую первое first i
2: второй второго втором вторая вторую второе second ii
3: третий третьего третьем третья третью third iii
4: четвертый четвертого четвертом fourth iv
""")
"""The number of a quarter or a half."""
YEAR_WORDS: Final = frozenset(listed("год года году г year"))
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
0: понедельничный понедельничного понедельничную
3: четверговый
4: пятничный пятничного пятничную пятничное пятничная пятничные
5: субботний субботнего субботнюю субботнее субботняя субботние
6: воскресный воскресного воскресную воскресное воскресная воскресные
""")
OFFSETS: Final = _table("""
0: сегодня сегодняшний сегодняшняя сегодняшнюю сегодняшнее сегодняшнего сегодняшней сегодняшние today todays tonight
-1: вчера вчерашний вчерашняя вчерашнюю вчерашнее вчерашнего вчерашней вчерашние yesterday yesterdays yday
-2: позавчера позавчерашний позавчерашнего позавчерашнюю позавчерашнее позавчерашние
1: завтра завтрашний завтрашняя завтрашнее завтрашнего завтрашнюю завтрашней
1: tomorrow tomorrows tmrw tmr tomorow tommorow tommorrow
2: послезавтра послезавтрашнего
""")
TURNS: Final = _table("""
-1: прошлый прошлую прошлое прошлая прошлом прошлой прошлого прошедший прошедшую прошлые
-2: позапрошлый позапрошлую позапрошлая позапрошлом позапрошлой позапрошлого
-1: last previous past предыдущий предыдущую предыдущей предыдущего
0: этот эту это эта этом этой этого текущий текущую текущая
0: текущем текущей текущего this current нынешний нынешнюю нынешней
1: следующий следующую следующее следующая следующем следующей следующего след некст
1: next будущий будущую будущей будущем
2: ближайший ближайшую ближайшее ближайшая ближайшие coming upcoming
""")
NEAREST: Final = 2
"""The turn of «ближайший», "coming": the first one ahead."""

UNITS: Final = {
    **dict.fromkeys(listed("секунда секунды секунд секунду сек second seconds secs"), "second"),
    **dict.fromkeys(
        listed("минута минуты минут минуту мин м минуток минутку минутки minute minutes min mins m"), "minute"
    ),
    **dict.fromkeys(listed("час часа часов ч часик часок часику hour hours hr hrs h hrs"), "hour"),
    **dict.fromkeys(listed("день дня дней day days сутки суток денек дн"), "day"),
    **dict.fromkeys(listed("неделя недели недель неделю неделе недельку week weeks wk нед"), "week"),
    **dict.fromkeys(listed("месяц месяца месяцев месяце month months"), "month"),
    **dict.fromkeys(listed("квартал квартала квартале quarter"), "quarter"),
    **dict.fromkeys(listed("полугодие полугодия полугодии"), "half"),
    **dict.fromkeys(listed("год года году лет year years"), "year"),
}
ADJECTIVES: Final = {
    **dict.fromkeys(listed("получасовой получасовым получасового"), 1800),
    **dict.fromkeys(listed("часовой часовым часового"), 3600),
}
"""Lengths said as «с получасовым перерывом», in seconds."""
SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}
PARTS: Final = {
    **dict.fromkeys(listed("утра утром утро am morning"), "am"),
    **dict.fromkeys(listed("дня днем pm afternoon"), "day"),
    **dict.fromkeys(listed("вечера вечером вечер evening tonight"), "evening"),
    **dict.fromkeys(listed("ночи ночью ночь night"), "night"),
}
NOON: Final = frozenset({"полдень", "полудня", "noon", "midday"})
MIDNIGHT: Final = frozenset({"полночь", "полночи", "полуночи", "midnight"})
AT: Final = frozenset(
    listed("в во к ко около примерно ровно at around about approximately circa on in of during roughly since_about")
)
SINCE: Final = frozenset(listed("с со от since from начиная между between starting"))
UNTIL: Final = frozenset(listed("до по till til until to through thru untill вплоть и_до"))
FOR: Final = frozenset(listed("на за for over в_течение"))
ORDINAL_ENDINGS: Final = frozenset(listed("st nd rd th го е ое ого му"))
AGO: Final = frozenset(listed("назад ago back earlier тому"))

ALL_WORDS: Final = frozenset().union(
    NUMBERS,
    DAYS_OF_MONTH,
    NTH,
    YEAR_WORDS,
    HALF_HOURS,
    MONTHS,
    WEEKDAYS,
    OFFSETS,
    TURNS,
    UNITS,
    PARTS,
    NOON,
    MIDNIGHT,
    AT,
    SINCE,
    UNTIL,
    FOR,
    ORDINAL_ENDINGS,
    AGO,
    ADJECTIVES,
    listed(
        "полчаса полчасика полтора полуторачаса пол половина половине половину половины без четверть четверти half "
        "quarter past oclock an a the q after before последние последних последний last days через чего час конца end"
    ),
)

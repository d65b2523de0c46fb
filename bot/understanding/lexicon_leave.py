"""How people say that they will be or were away: parts of a day, staying at home, illness in plain words."""

# ruff: noqa: E501 - a line is one entry of a dictionary; broken, it could not be read

from typing import Final

_DEGREES: Final = "|".join(
    f"{whole}{rest}"
    for whole in (37, 38, 39)
    for rest in ("", *(f"{sign}{tenth}" for sign in ",." for tenth in range(1, 10)))
)

PHRASES: dict[str, str] = {
    "part:half": """
        [на|в] (полдня|пол дня|половину дня|половину рабочего дня|неполный день|часть дня|пару часиков|несколько часов)
        [a|the] (half day|half a day|half the day|part of the day) [off]
        (a few|some|several|couple of) hours off
        (hours off|partial day|partial day off)
    """,
    "part:morning": """
        [в|на] (до обеда|до ланча|первую половину дня|первая половина дня|первую половину|первой половине дня|первой половине|с утра до обеда|полдня с утра)
        [the|for the|during the] (before lunch|until lunch|till lunch|first half of the day|first half|morning off|before noon)
    """,
    "part:afternoon": """
        [в|на] (после обеда|с обеда и до вечера|вторую половину дня|вторая половина дня|вторую половину|второй половине дня|второй половине|после ланча|во второй половине дня|во вторую половину дня)
        [the|for the|during the] (after lunch|from lunch|second half of the day|second half|afternoon off)
    """,
    "leave:sick": f"""
        (температура [под] [40|{_DEGREES}]|высокая температура|поднялась температура|лихорадит|знобит)
        ((лежу|слег|слегла|валяюсь) [с температурой|с гриппом|с ангиной|с простудой|с ковидом|с насморком|пластом|в больнице|дома]|отравился|отравилась|простыл(а)|простудился|простудилась|подхватил(а) (грипп|вирус|ковид)|грипп|орви|орз|ковид|простуда|ангина|мигрень)
        (мне плохо|мне нездоровится|нездоровится|неважно себя чувствую|плохое самочувствие|чувствую себя плохо|хреново себя чувствую|самочувствие плохое|разболелась голова|болит (голова|живот|горло|спина|зуб)|прихворнул(а)|хвораю|расхворался|расхворалась|болезнь)
        (был(а)|был(а) у нас) на больничном
        больничный по уходу [за (ребенком|сыном|дочкой|дочерью|мамой|папой|мужем|женой|детьми|родственником)]
        (проболел(а)|хворал(а)|переболел(а)|отболел(а))
        (иду|пошел|пошла|пойду|выхожу|уйду) на больничный
        [got|have|running|ive got|with] [a|the] (fever|flu|covid|stomach bug|migraine|food poisoning|sore throat|bad headache|headache|upset stomach|stomach ache|toothache|bad cold|nasty cold)
        is ill
        (got|have|ive got|with|caught|running) a (cold|temperature)
        (throwing up|been throwing up|feverish|came down with (something|the flu|a cold|covid)|coming down with something|not feeling great|feeling rough|feeling awful|feeling terrible|feel sick|feel ill|feel unwell|feel awful|feel terrible|unwell today|was sick|was ill|been sick|have been sick|been ill|was on sick leave|was off sick|were sick|sick in bed)
    """,
    "leave:vacation": "(отпускные дни|был(а) в отпуске|отдыхал(а) в отпуске|was on vacation|was on holiday|was on leave|was on annual leave|was on pto|been on vacation)",
    "leave:business_trip": """
        (был(а)|ездил(а)|съездил(а)|уезжал(а)|летал(а)|мотался|моталась) в (командировке|командировку|командировки)
        (was on|went on|been on) [a] (business trip|work trip)
    """,
    "leave:day_off": """
        (брал(а)|был|была|был у меня|отгулял(а)) (отгул|отгулы|отгула|в отгуле|в отгулах|выходной)
        (отпрашивался|отпрашивалась|отпросили|отпустили|отпрашиваться|отпросится)
        (was off|had off|been off)
    """,
    "leave:gone": """
        (меня не было|не было меня|отсутствовал(а)|меня не будет на месте|меня не будет на работе|меня не будет в офисе|не будет на работе|отлучусь с работы)
        (ill|i will|will) be away
        (wasnt around|was out of office|was ooo|was absent)
    """,
    "leave:later": """
        (отойти|отлучиться|отъехать|отскочить)
        (step out|pop out|slip out|nip out)
    """,
    "leave:home": """
        (остаюсь|останусь|посижу|сижу|буду|побуду|отлеживаюсь|отлежусь|полежу) [сегодня|завтра] дома
        (остаюсь|останусь|посижу|сижу|побуду) с (ним|ней|сыном|дочкой|дочерью|ребенком|детьми|мамой|малышом|малым|мелким|мелкой)
        (staying|stay|ill stay|i will stay|will stay|have to stay|need to stay) [at] home
        (staying|stay) in bed
    """,
    "break_end": "(после обеда|после перерыва|after lunch) (вернулся|вернулась|вышел|вышла|снова на месте|back)|(вернулся|вернулась|вышел|вышла|снова тут|снова на месте|опять на месте|back|im back) (после обеда|после перерыва|после ланча|after lunch|after my lunch|after the break|after a break)",
    "break_told": """
        (обедал(а)|отобедал(а)|курил(а)|перекуривал(а)|перекусывал(а)|отдыхал(а)|гулял(а)|прогуливался|прогуливалась|отходил(а)|отлучался|отлучалась|отошел|отошла|полдничал(а)|чаевничал(а)|кушал(а)|ел(а)|пил(а) (кофе|чай))
        (сходил(а)|сбегал(а)) (на (обед|перекур|ланч)|пообедать|покурить|в столовую|поесть|перекусить)
        на (обед|перекур|перерыв|ланч) (ходил(а)|выходил(а)|уходил(а)|сходил(а)|бегал(а))
        (выходил(а)|ходил(а)|уходил(а)|бегал(а)) (обедать|курить|покурить|на (обед|перекур|перерыв|ланч)|поесть|перекусить|в столовую|в магазин|прогуляться|погулять|подышать|за (обедом|кофе))
        (had|took|was having|ate) [my|a] (lunch|break|coffee break|smoke break|dinner)
        (lunched|smoked|was smoking|stepped out|stepped away|popped out|was out for lunch|was out to lunch|was on a smoke break|was away|was on my break)
    """,
    "was_out": "was out [of the office|of office]",
    "they:remote": """
        (работает|поработает|будет работать|трудится) [сегодня|завтра] (из дома|удаленно|на удаленке|дома)
        works (remotely|remote|from home)
    """,
    "they:sick": "(болеет|заболеет|будет болеть)",
    "they:other": "(не (придет|выйдет)|будет отсутствовать|isnt coming in|is not coming in)",
    "wrong": "(по ошибке|ошибочно|(записан|записана|записано|отмечен|отмечена|отмечено|поставлен|поставлена|появился|стоит) (по ошибке|ошибочно|случайно|неверно|неправильно)|лишний|лишняя|лишнее|лишнюю|ошибочный|ошибочная|ошибочное|ошибочную|неверный|неверная|неверное|случайный|случайная|ненужный|was wrong|is wrong|was a mistake|is a mistake|its (wrong|a mistake)|it is (wrong|a mistake))",
    "remove": "(take (out|off|away)|strike out|cross out|strike|зачеркни|выкини|выкинь)",
    "night": """
        [в|всю|за|эту|целую] (ночь|ночную|ночная|ночную смену|ночная смена|ночную смену отработал(а)|ночное дежурство)
        [the|a|all|my|on] (overnight|night shift|nightshift|all night)
    """,
    "check_out": "[just|came|got|im|i am|going] (off shift|off the shift|off duty)",
    "send_back": "(на доработку|на переделку|доработка|доработку)",
    "at_home": "(home|at home|from home|дома)",
    "with_kin": """
        (с ним|с ней|с ними|with (him|her|them))
    """,
    "kin": """
        (сын|сына|сыном|сыну|дочь|дочка|дочки|дочкой|дочери|дочерью|ребенок|ребенка|ребенком|дети|детьми|детей|малыш|малышом|мама|мамы|маме|маму|папа|муж|мужа|жена|жены|бабушка|бабушке|бабушки|дедушка|кот|кошка|собака|собаки|у сына|у дочки|у дочери|у ребенка|у мамы|у мужа|у жены|у малого|у мелкого|мелкий|мелкая|малой|близнецы)
        [my] (son|daughter|kid|kids|child|children|baby|wife|husband|mom|mum|mother|dad|father|grandma|toddler|cat|dog|partner|little one)
    """,
}

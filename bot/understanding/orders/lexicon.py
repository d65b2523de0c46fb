"""The words of orders in both languages: one phrase a line, `(a|b)` either, `[a]` perhaps."""

from typing import Final

from bot.understanding.lexicon import grow

# ruff: noqa: E501 - a line is one entry of a dictionary; broken, it could not be read

_RUSSIAN: Final = {
    "schedule": "(график|графика|графику|графики|расписание|расписания|режим) [работы]|рабочий график",
    "shift": "(смена|смену|смены|смен|сменой)",
    "everybody": "[у|для|на] (всем|все|всех|каждому|каждого|всему|всей|портал|портала|порталу|компании|по умолчанию|общий)",
    "me": "(мой|мне|меня|мою|мои|моя|мое|у меня|для меня|я)",
    "department": "[по|для] (отдел|отдела|отделу|отделе|подразделение|подразделения|подразделению|департамент|департамента|департаменту)",
    "flexible": "(гибкий|гибкого|гибкая|гибкое|плавающий|свободный)",
    "none": "(нет|убрать|убери|удали|удалить|отмени|отменить|снять|сними|не нужен)",
    "no_schedule": "без (графика|расписания)",
    "rota:day_night": "день [и] ночь [отсыпной|выходной] [выходной]",
    "workdays": "(по будням|будни|в будни|будние дни|по рабочим дням)",
    "everyday": "(ежедневно|каждый день|без выходных)",
    "weekends": "(по выходным|в выходные)",
    "break": "[с] (обед|обедом|обеда|перерыв|перерывом|перерыва|обеденный перерыв)",
    "no_break": "без (обеда|перерыва)",
    "paid": "(оплачивается|оплачиваемый|оплачиваемым|оплачиваемого|оплачивать|оплачен)",
    "unpaid": "(не (оплачивается|оплачивать|оплачен)|неоплачиваемый|неоплачиваемым|неоплачиваемого)",
    "deduct": "[автоматически] (вычитать|вычитай|вычитается|вычет) [автоматически]|автовычет",
    "no_deduct": "не (вычитать|вычитай|вычитается)",
    "grace": "[с] (допуск|допуском|допустимое опоздание|опоздание|опоздания)",
    "fraction": "(ставка|ставки|ставке|ставку)",
    "fraction:1/2": "(полставки|пол ставки|половина ставки|половину ставки|на полставки|на пол ставки)",
    "fraction:1/4": "четверть ставки",
    "fraction:3/4": "три четверти ставки",
    "accounting:month": "[суммированный] (учет|учетом) [времени|рабочего времени] (помесячно|по месяцам|за месяц)|(помесячный|месячный) учет|учетный период месяц",
    "accounting:quarter": "[суммированный] (учет|учетом) [времени|рабочего времени] (поквартально|по кварталам|за квартал)|(поквартальный|квартальный) учет|учетный период квартал",
    "accounting:year": "[суммированный] (учет|учетом) [времени|рабочего времени] (по годам|за год)|годовой учет|учетный период год",
    "named:ночная": "(ночная|ночную|ночной|в ночь)",
    "named:дневная": "(дневная|дневную|дневной)",
    "named:утренняя": "(утренняя|утреннюю|утренней)",
    "named:вечерняя": "(вечерняя|вечернюю|вечерней)",
    "off": "(выходной|выходные|выходная|выходным|выходное|отдыхает|нерабочий|нерабочим|нерабочая|праздничный|праздничным) [день|днем]",
    "working": "(рабочий|рабочим|рабочая|рабочую|рабочей|рабочее|рабочего) [день|днем|дня|время]",
    "short": "(короткий|коротким|короткая|сокращенный|сокращенным|сокращенная|предпраздничный|предпраздничным) [день|днем]",
    "make": "(сделай|сделать|сделайте|сделаем|объяви|объявить|считать|считай|отметь|отметить)",
    "move": "(перенос|перенеси|перенести|переносим|перенесите|перенесли) [выходного|выходной|праздника|праздничного|праздничный] [дня|день]",
    "close": "(закрыть|закрой|закрываем|закрываю|закройте|закрытие)",
    "reopen": "(открыть|открой|откройте|открываем|переоткрой|переоткрыть|переоткройте) [снова|заново|обратно]|снова (открыть|открой)|заново (открыть|открой)",
    "period": "(период|табель|табеля|часы|отметки)",
    "confirm": "(подтверждаю|подтвердить|подтверди|верна|верно|верен|верны|правильно|правильная|правильный|все (верно|правильно)|сходится|согласен с|согласна с)",
    "my_data": """
        [покажи|выгрузи|пришли|скачать|скачай|дай|все|какие] [все] мои [персональные|личные] данные
        (что|что ты) (обо мне|про меня) [ты] (знаешь|известно|хранишь|хранится|есть)
        что ты (знаешь|хранишь) (обо мне|про меня)
        какие данные (обо мне|про меня) [есть|хранятся|хранишь]
    """,
    "erase": """
        (удалить|удали|стереть|сотри|уничтожить) [все|персональные|личные] данные [сотрудника|бывшего сотрудника]
        (удалить|удали|стереть|сотри|обезличить|обезличь) (сотрудника|бывшего сотрудника)
        (стереть|сотри|забудь|обезличить|обезличь)
    """,
    "dismissed": """
        [был|была] (уволен|уволена|уволили|уволить|увольте|уволь|увольняем|увольняется|уволился|уволилась|увольнение) [сотрудник|сотрудника|сотрудницу]
        [последний|последний рабочий] день работы
        последний [рабочий] день
    """,
    "gone": "больше [у нас|здесь] не работает [у нас|здесь]|не работает [у нас|здесь] больше",
    "feed": """
        (подписка|подписку|подписаться|подпиши|подпиши меня|ссылка|ссылку|ссылкой) на [мой] календарь
        [мой] (календарь|график) (в|на|для) (телефон|телефоне|телефона|гугл|яндекс|айфон)
        (добавить|добавь|экспорт|экспортировать) [график|смены|расписание|мой график|мои смены] в [мой] календарь
        [мой] (ical|ics|айкал|календарь ссылкой)
    """,
    "calendar": "[производственный|рабочий] (календарь|календаря|календарю|календаре) [праздников]|сколько рабочих дней",
    "my_schedule": """
        (когда|во сколько) (я работаю|мне на работу|мне работать|у меня смена|моя смена|моя следующая смена|мои смены)
        мой календарь смен
    """,
    "settings": "(настройки|параметры)",
    "options": "[общие|все] (настройки|параметры) (портала|компании|организации|бота)|(общие|все) (настройки|параметры)",
    "my_settings": "мои (настройки|параметры)|(настройки|параметры) (для меня|мои)",
    "digest": "[утреннюю|утренняя|утренней] (сводка|сводку|сводки|дайджест|дайджеста) [команды|по команде] [для руководителей|руководителям|лидам]",
    "weekly": "(недельная|недельную|недельной|еженедельная|еженедельную|еженедельной) (сводка|сводку|сводки|итоги)|(итоги|сводка|сводку|сводки) (недели|по неделе|за неделю)|(недельные|еженедельные) (итоги|сводки)",
    "send": "(присылай|присылать|пришли|отправляй|отправлять|слать|шли|приходит|пусть приходит|включи|включить|хочу)",
    "stop": "не (присылай|присылать|отправляй|отправлять|слать|шли|нужна|нужен|надо|хочу)|больше не (присылай|присылать|отправляй)|(отключи|отключить|выключи|выключить|отписаться от|отпиши от)",
    "write": "(пиши|писать|уведомляй|уведомлять|напоминай|напоминания|уведомления|сообщения) [мне]",
    "to:telegram": "[в|во] (телеграм|телеграме|телеграмм|телеграмме|телегу|телеге|telegram|tg|тг)",
    "to:bitrix24": "[в|во] (битрикс|битриксе|битрикс24|bitrix|bitrix24)",
    "keep": "(хранить|храни|хранятся|срок хранения|хранение) [данные|данных|часы|часов|отметки|отметок|табели|табелей]",
    "which": "(какой|какая|какие|какое|покажи|показать|покажи мне|скажи|посмотреть|узнать)",
    "overtime": "(переработка|переработку|переработки|переработкой|переработал|переработала|сверхурочные|сверхурочно|сверхурочную|сверхурочная) [работу|работа|часы]",
    "approve": "(согласуй|согласуйте|согласовать|утвердить|утверди|учесть|учти|оформить|оформи|заявка на)",
    "filler": "(прошу|добавь|добавить|запланируй|пожалуйста|привет|поставь|поставить|поставьте|задай|задать|установи|установить|назначь|назначить|измени|изменить|поменяй|перевести|переведи|перевожу|смени|пусть будет|будет|для|у|на|в|во|по|и|с|со|за|к|это|этот|сотрудник|сотрудника|сотруднику|дни|день|дня|числа|число|только|начиная|новый|новая|месяц|норма|нормой|рабочих|автоматически|моей|моего|моих|самого|опять|заново|снова|обратно|еще раз)",
}
_ENGLISH: Final = {
    "schedule": "[work|working] (schedule|schedules|rota|roster)|(work|working) hours",
    "shift": "(shift|shifts)",
    "everybody": "[for] (everybody|everyone|all|company|default|by default) [employees|people|staff]",
    "me": "(my|me|mine|i)",
    "department": "[the] (department|dept)|team",
    "flexible": "(flexible|flexi|flextime) [schedule|hours]",
    "none": "(none|remove|clear)",
    "no_schedule": "(no|without) [a] schedule",
    "rota:day_night": "(day|days) [and] (night|nights)",
    "workdays": "[on] (weekdays|workdays|working days)",
    "everyday": "(daily|every day|no days off)",
    "weekends": "on (weekends|weekend)",
    "break": "[with] [a] (lunch|break|lunch break)",
    "no_break": "(no|without) [a] (lunch|break)",
    "paid": "[is] paid",
    "unpaid": "[is] (unpaid|not paid)",
    "deduct": "[auto|automatically] (deduct|subtract) [automatically]|auto deduction",
    "no_deduct": "(do not|dont) deduct",
    "grace": "(grace|grace period|tolerance)",
    "fraction": "[of] [a] (fte|rate)",
    "fraction:1/2": "(half time|half rate|part time half)",
    "accounting:month": "(summed|accounting|accounted) [period] [by|over|per] [a|the] month|monthly accounting",
    "accounting:quarter": "(summed|accounting|accounted) [period] [by|over|per] [a|the] quarter|quarterly accounting",
    "accounting:year": "(summed|accounting|accounted) [period] [by|over|per] [a|the] year|(yearly|annual) accounting",
    "named:night": "night",
    "named:day": "day",
    "named:morning": "morning",
    "named:evening": "evening",
    "off": "[is] [a] (day off|off|holiday|free day|non working day)",
    "working": "[is] [a] (working|workday|work) [day]",
    "short": "[is] [a] (short|shortened) [day]",
    "make": "(make|mark|declare|set)",
    "move": "(move|transfer|shift) [the|a] (day off|holiday)|move|transfer",
    "close": "(close|lock|closing)",
    "reopen": "(reopen|open|unlock|re open)",
    "period": "[the] (period|timesheet|books)",
    "confirm": "(confirm|confirmed|correct|right|[is|looks] (right|correct|good|fine))",
    "my_data": """
        [show|give|export|download|send] [me] [all] [of] my [personal] data
        what do you (know|store|keep) about me
        what data do you (have|store|keep) [about|on] me
    """,
    "dismissed": """
        [is|was|has been|got] (dismissed|fired|let go|laid off)
        (dismiss|fire) [employee]
        (left|leaves|has left) the company|(resigned|resigns|quit)
        last [working] day
    """,
    "gone": "(no longer works|does not work|doesnt work) here [any more|anymore]|no longer works",
    "erase": "(erase|(erase|delete|remove) [all] [the] [personal] data [of|for|about]|delete (employee|person))",
    "feed": """
        [my] calendar (link|feed|subscription|url)
        (subscribe|subscription|link) to [my|the] calendar
        [my] calendar (on|in) my phone
        (add|export) [my] (schedule|shifts) to [my] calendar
        [my] (ical|ics) [link|feed]
    """,
    "calendar": "[production|work|working|holiday|company] (calendar|calender)|how many working days",
    "my_schedule": "when (do i work|is my [next] shift|are my shifts)",
    "settings": "(settings|preferences)",
    "options": "(portal|company|bot|all) settings|portal options|settings of the (portal|company)",
    "my_settings": "my (settings|preferences)",
    "digest": "[the|a] [morning|leads|team] digest [to leads|for leads]",
    "weekly": "[the|a|my] weekly (summary|summaries|digest|report)",
    "send": "(send|comes|turn on|switch on|enable|resume|subscribe to) [me]",
    "stop": "(stop|no|no more|turn off|switch off|disable|unsubscribe from|(do not|dont) send) [sending|me]",
    "write": "(write|message|text) [to] me|notify me|(reminders|notifications|messages)",
    "to:telegram": "[in|on|to|by] telegram",
    "to:bitrix24": "[in|on|to|by] (bitrix|bitrix24)",
    "keep": "(keep|store) [the] (data|hours|marks|records)|[data] retention [period|term]",
    "which": "(what|whats|which|show|show me|see|is)",
    "overtime": "[worked] (overtime|extra hours)",
    "approve": "(approve|request|claim|count)",
    "filler": "(please|add|plan|hi|hello|the|a|an|of|for|is|to|on|in|at|from|with|and|as|put|assign|change|be|days|only|starting|new|hours|now|again)",
}
TREE, ABOUT = grow(_RUSSIAN, _ENGLISH)

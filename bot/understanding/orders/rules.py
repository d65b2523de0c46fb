"""Rules of a portal: «когда сделка перешла в «Договор», согласовать по шаблону «Договор»», and what is done with them.

A rule is a whole sentence of its own form: when, an object of the portal, what happens to it, and after a comma what is
done. What is only like it is none. Slots of `rules`: `do` (`list` `show` `on` `off` `delete` `file` `make` `try`),
`name`; to try, `object` and `number`; to make, `object`, `event`, what is waited for (`stage`, `status`, `at_least`,
`changed`), and `deeds`, each with `do` and what was said of it. Of a smart process also `process`, what it is called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots

_STEMS: Final = re.compile("правил|сделк|лид|задач|смарт|процесс|rule|deal|lead|task|process")
"""Without one of these nothing here is meant; most of what people write has none."""
_SMART: Final = "smart_process"
_END: Final = r"[\s.!?]*$"
_QUOTED: Final = r"[«\"“„']\s*(?P<{0}>[^«»\"“”„]{{1,200}}?)\s*[»\"”“']"
_OBJECTS: Final = {"сделк": "deal", "лид": "lead", "задач": "task", "deal": "deal", "lead": "lead", "task": "task"}
_OBJECT_RU: Final = r"(?P<object>сделк[аиуе]|лида?|задач[аиуе])"
_OBJECT_EN: Final = r"(?:an?|the|any|each)?\s*(?:new\s+)?(?P<object>deal|lead|task)"
_NUMBER: Final = (
    r"(?P<number>\d[\d\s\u00a0\u202f]{0,17}(?:[.,]\d{1,2})?)\s*(?P<unit>тыс\w*\.?|к|k|млн\.?|"
    r"m)?(?:\s*(?:₽|руб\w*\.?|rub))?"
)


_NAMED: Final = r"(?:[«\"“„']\s*(?P<process>[^«»\"“”„]{1,80}?)\s*[»\"”“']|(?P<bare_process>[A-ZА-ЯЁ][\w-]{1,60}))"
_OF_PROCESS: Final = re.compile(
    rf"(?i:\b(?P<ru>элемент[ау]?)\s+(?:смарт-?\s?)?процесса)\s+{_NAMED}"
    rf"|(?i:\b(?:an?|the|any|each)?\s*(?:new\s+)?(?:item|element)\s+of\s+(?:the\s+)?(?:smart\s+)?process)\s+"
    + _NAMED.replace("process>", "en_process>")
)
"""An element of a smart process, named as any object is: it takes the place of a deal in what happens to it."""


def _row(form: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{form}){_END}", re.IGNORECASE | re.DOTALL)


_KEPT: Final = tuple(
    (do, _row(form))
    for do, form in (
        ("list", r"(?:покажи\s+|какие\s+)?(?:есть\s+|все\s+)?правила(?:\s+(?:портала|автоматизации|автоматики))?"),
        ("list", r"(?:show\s+|list\s+)?(?:all\s+|the\s+)*(?:portal\s+|automation\s+)?rules"),
        ("on", r"включи(?:ть)?\s+правило\s+(?P<name>.{1,80}?)"),
        ("on", r"(?:switch|turn)\s+on\s+(?:the\s+)?rule\s+(?P<name>.{1,80}?)"),
        ("off", r"(?:выключи|отключи|останови)(?:ть)?\s+правило\s+(?P<name>.{1,80}?)"),
        ("off", r"(?:switch|turn)\s+off\s+(?:the\s+)?rule\s+(?P<name>.{1,80}?)"),
        ("delete", r"(?:удали|удалить|убери|убрать)\s+правило\s+(?P<name>.{1,80}?)"),
        ("delete", r"(?:delete|remove)\s+(?:the\s+)?rule\s+(?P<name>.{1,80}?)"),
        ("file", r"(?:пришли|дай|скачать|выгрузи)\s+(?:мне\s+)?(?:файл\s+правила|правило)\s+(?P<name>.{1,80}?)"),
        ("file", r"(?:send|give)\s+(?:me\s+)?(?:the\s+)?(?:file\s+of\s+)?(?:the\s+)?rule\s+(?P<name>.{1,80}?)"),
        ("show", r"покажи\s+правило\s+(?P<name>.{1,80}?)|правило\s+[«\"“](?P<other>[^»\"”]{1,80})[»\"”]"),
        ("show", r"show\s+(?:the\s+)?rule\s+(?P<name>.{1,80}?)|rule\s+[\"“](?P<other>[^\"”]{1,80})[\"”]"),
        ("try", (r"что\s+(?:было\s+бы|будет|случится|произойд[её]т)\s+(?:со?|по)\s+(?P<object>элемент\w{0,2})\s*"
                r"[№#]?\s*(?P<number>\d{1,15})\s+(?:смарт-?\s?)?процесса\s+[«\"“„']?(?P<process>[^«»\"“”„]{1,80}?)[»\"”“']?")),
        ("try", (r"what\s+(?:would|will)\s+(?:happen|be\s+done)\s+(?:to|with)\s+(?:the\s+)?(?P<object>item|element)\s*"
                r"(?:no\.?\s*|#\s*)?(?P<number>\d{1,15})\s+of\s+(?:the\s+)?(?:smart\s+)?process\s+"
                r"[\"“]?(?P<process>[^\"“”]{1,80}?)[\"”]?")),
        ("try", (r"что\s+(?:было\s+бы|будет|случится|произойд[её]т)\s+(?:со?|по)\s+"
                r"(?P<object>сделк\w{1,2}|лид\w{0,2}|задач\w{1,2})\s*[№#]?\s*(?P<number>\d{1,15})")),
        ("try", (r"what\s+(?:would|will)\s+(?:happen|be\s+done)\s+(?:to|with)\s+(?:the\s+)?"
                r"(?P<object>deal|lead|task)\s*(?:no\.?\s*|#\s*)?(?P<number>\d{1,15})")),
    )
)  # fmt: skip

_WHEN: Final = re.compile(
    r"\s*(?:(?:новое\s+)?правило\s*[:—–-]\s*|(?:new\s+)?rule\s*[:—–-]\s*)?"
    r"(?:(?:каждый\s+раз,?\s+)?когда|как\s+только|если|при\s+условии,?\s+что|whenever|when|as\s+soon\s+as|if|once)\s+"
    r"(?P<happens>.{5,300}?)\s*(?:,\s*(?:то\s+|then\s+)?|\s+[—–-]\s+|\s+то\s+|\s+then\s+|"
    r":\s+)(?P<deeds>\S.{3,600}?)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_TO_RU: Final = (
    r"(?:перешл[аио]|переш[её]л|переходит|перейд[её]т|попал[аои]?|попадает|попад[её]т|дошл[аио]|дош[её]л|доходит|"
    r"перемещ\w+|передвину\w+|двигается|сдвинул\w+|оказал\w+|стал[аи]?|становится)"
)
_TO_EN: Final = r"(?:moves|is\s+moved|comes|gets|goes|moved|came|reaches|reached|enters|is\s+dragged|becomes)"
_HAPPENS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (what, _row(form))
    for what, form in (
        ("stage", (rf"{_OBJECT_RU}\s+{_TO_RU}\s+(?:(?:в|на|до)\s+)?(?:стади[июя]\s+|этап[ае]?\s+|статус[ае]?\s+|"
                  rf"колонку\s+)?"
                  rf"(?:{_QUOTED.format('stage')}|(?P<bare>[^,«»\"“”]{{1,80}}?))")),
        ("stage", (rf"{_OBJECT_EN}\s+{_TO_EN}\s+(?:(?:to|into|in)\s+)?(?:the\s+)?(?:(?:stage|status|column)\s+)?"
                  rf"(?:{_QUOTED.format('stage')}|(?P<bare>[^,\"“”]{{1,80}}?))(?:\s+(?:stage|status|column))?")),
        ("added", (r"(?:(?:появил[асьо]+|появился|появляется|создан[аы]?|создал[аи]|добавлен[аы]?|добавил[аи]|"
                  r"приш[её]л|пришл[аои]|поступил[аи]?|завели|заведен[аы]?)\s+)(?:нов(?:ый|ая|ую)\s+)?"
                  r"(?P<object>сделк[ау]|лид|задач[ау])")),
        ("added", (rf"(?:нов(?:ый|ая)\s+)?{_OBJECT_RU}\s+(?:появил[асьо]+|появился|появляется|создан[аы]?|"
                  rf"добавлен[аы]?|"
                  r"приш[её]л|пришл[аои]|поступил[аи]?)")),
        ("added", rf"{_OBJECT_EN}\s+(?:is\s+|was\s+|gets\s+)?(?:added|created|appears|comes\s+in|arrives|came\s+in)"),
        ("added", r"there\s+is\s+a\s+new\s+(?P<object>deal|lead|task)"),
        ("deleted", rf"{_OBJECT_RU}\s+удал\w+|удал\w+\s+(?P<gone>сделк[ау]|лид|задач[ау])"),
        ("deleted", rf"{_OBJECT_EN}\s+(?:is|was|gets)\s+deleted"),
        ("status:5", (r"(?P<object>задача)\s+(?:завершена|выполнена|закрыта|сделана|готова)|"
                     r"(?:завершена|выполнена|закрыта|завершили|выполнили|закрыли)\s+(?P<gone>задач[ау])")),
        ("status:5", r"(?:an?|the)?\s*(?P<object>task)\s+(?:is\s+|was\s+|gets\s+)?(?:completed|done|finished|closed)"),
        ("moved", (r"(?:изменил[асьо]+|изменился|меняется)\s+(?:статус|стадия)\s+(?P<object>сделки|лида|задачи)|"
                  r"(?:статус|стадия)\s+(?P<gone>сделки|лида|задачи)\s+(?:изменил[асьо]+|изменился|меняется)|"
                  r"(?P<thing>сделка|лид|задача)\s+(?:изменил[асьо]+|изменился|меняется|сдвинул[асьо]+|"
                            r"сдвинулся|двигается|движется)")),
        ("moved", (r"(?:the\s+)?(?:status|stage)\s+of\s+(?:an?|the)\s+(?P<object>deal|lead|task)\s+changes|"
                  r"(?:an?|the)?\s*(?P<gone>deal|lead|task)(?:'s)?\s+(?:(?:status|stage)\s+)?(?:changes|"
                            r"is\s+changed|moves)")),
        ("changed:responsible", (r"(?:у\s+)?(?P<object>сделки|лида|задачи)\s+(?:сменился|изменился|"
                  r"поменялся)\s+ответственный|"
                  r"(?:сменился|изменился|поменялся)\s+ответственный\s+(?:у\s+|за\s+|по\s+)?(?P<gone>сделк\w|"
                            r"лид\w|задач\w)")),
        ("changed:responsible", (r"(?:the\s+)?responsible(?:\s+person)?\s+of\s+(?:an?|the)\s+(?P<object>deal|"
                  r"lead|task)\s+changes")),
        ("amount", (rf"сумма\s+(?P<object>сделки|лида)\s+(?:стала\s+|становится\s+)?(?:больше|выше|от|"
                  rf"не\s+меньше|более|"
                   rf"превысила|превышает|достигла|достигает)\s+{_NUMBER}")),
        ("amount", (rf"(?P<object>сделка|лид)\s+(?:стал[а]?\s+)?(?:больше|дороже|от|не\s+меньше|"
                  rf"на\s+сумму\s+(?:от|больше|выше|более))\s+{_NUMBER}")),
        ("amount", (rf"(?:the\s+)?amount\s+of\s+(?:an?|the)\s+(?P<object>deal|lead)\s+(?:is|becomes|reaches|gets)\s*"
                   rf"(?:at\s+least|above|over|more\s+than)?\s*{_NUMBER}")),
    )
)  # fmt: skip
_AND_AMOUNT: Final = re.compile(
    rf"(?P<rest>.+?)\s+(?:(?:и|а|and)\s+(?:(?:её|ее|его|its)\s+)?(?:сумма|the\s+amount|amount)(?:\s+(?:сделки|is))?|"
    rf"(?:с|на)\s+сумм(?:ой|у)|with\s+an\s+amount\s+of)\s+"
    rf"(?:больше|выше|от|не\s+меньше|более|at\s+least|above|over|more\s+than)?\s*{_NUMBER}{_END}",
    re.IGNORECASE | re.DOTALL,
)
_VERBS: Final = (
    r"согласова|отправ|запрос|утверд|постав|созда|завест|перевест|перевед|передвин|перемест|уведом|сообщ|оповест|"
    r"напис|напиш|добав|остав|запуст|ask|send|request|make|create|give|move|notify|tell|add|write|comment|start|run"
)
_NEXT: Final = re.compile(
    rf"\s*(?:;|,\s*(?:затем|потом|а\s+также|and\s+then|then|and)\s+|\s(?:и|and)\s)\s*(?=(?:{_VERBS}))", re.IGNORECASE
)
_DUE: Final = (
    r"(?:[\s,]+(?:со?\s+сроком|срок(?:ом)?|за|в\s+течение|на|due\s+in|within|in|with\s+a\s+deadline\s+of)\s*:?\s*"
    r"(?P<count>\d{1,3}|один|одного|два|две|три|a|an|one|two|three)?\s*"
    r"(?P<of>раб\w*\.?\s+(?:дн\w*|день)|раб\w*\.?\s+час\w*|дн\w+|день|час\w*|мин\w*|недел\w+|"
    r"working\s+days?|work(?:ing)?\s+hours?|business\s+days?|days?|hours?|minutes?|weeks?))?"
)
_FOR: Final = (
    r"(?:\s+(?:для\s+|на\s+|for\s+|to\s+)?(?:the\s+)?(?P<who>ответственн\w+(?:\s+(?:за\s+(?:сделку|лид|"
    r"задачу)))?|руководител\w+"
    r"(?:\s+ответственного)?|responsible(?:\s+(?:person|employee))?|(?:his|her|their|the)?\s*(?:head|lead|manager)|"
    r"[A-ZА-ЯЁ][\w-]+(?:\s+[A-ZА-ЯЁ][\w-]+)?))?"
)
_TITLE: Final = _QUOTED.format("title")
_TEXT: Final = _QUOTED.format("text")
_DEEDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (do, re.compile(rf"\s*(?:{form}){_END}", flags | re.DOTALL))
    for do, form, flags in (
        ("approve", (r"(?:согласова(?:ть|й)|отправ(?:ить|ь)\s+на\s+согласование|запрос(?:ить|и)\s+согласование|"
                    r"запуст(?:ить|и)\s+согласование|утверд(?:ить|и))(?:\s+(?:её|ее|его|сделку|лид|элемент))?"
                    r"(?:\s+по(?:\s+шаблону)?)?\s+"
                    rf"(?:{_QUOTED.format('name')}|(?P<bare>[^«»\"“”,;]{{1,80}}?))"), re.IGNORECASE),
        ("approve", (r"(?:ask|request|send)(?:\s+it)?\s+for\s+(?:an\s+)?approval\s+(?:by|with|using|according\s+to)\s+"
                    rf"(?:the\s+)?(?:template\s+)?(?:{_QUOTED.format('name')}|"
                              rf"(?P<bare>[^\"“”,;]{{1,80}}?))"), re.IGNORECASE),
        ("tell_request", (r"(?:сообщ(?:ить|ать|и)|написать|пис(?:ать|и))\s+(?:об\s+этом\s+)?(?:в|"
                  r"по)\s+(?:е[её]\s+)?заявк[еу]|"
                         r"обнов(?:ить|лять|и)\s+(?:статус\s+)?заявк[иу]"), re.IGNORECASE),
        ("tell_request", r"(?:tell|update|inform)\s+(?:the\s+|its\s+)?(?:status\s+of\s+the\s+)?request", re.IGNORECASE),
        ("task", (rf"(?:(?i:поставить|поставь|создать|создай|завести))"
                  rf"\s+(?i:задачу){_FOR}(?:\s*:?\s*{_TITLE})?(?i:{_DUE})"), 0),
        ("task", (rf"(?:(?i:поставить|поставь|создать|создай|завести))"
                  rf"\s+(?i:задачу)\s*:?\s*{_TITLE}{_FOR}(?i:{_DUE})"), 0),
        ("task", rf"(?:(?i:make|create|add|give))\s+(?i:a\s+task){_FOR}(?:\s*:?\s*{_TITLE})?(?i:{_DUE})", 0),
        ("task", rf"(?:(?i:make|create|add))\s+(?i:a\s+task)\s*:?\s*{_TITLE}{_FOR}(?i:{_DUE})", 0),
        ("deal", rf"(?:создать|создай|завести)\s+сделку\s*:?\s*{_TITLE}|(?:make|create|add)\s+a\s+deal\s*:?\s*"
                 + _QUOTED.format("other"), re.IGNORECASE),
        ("stage", (r"(?:перевести|переведи|передвинуть|переместить|перенести)"
                  rf"(?:\s+(?:её|ее|его|сделку|лид|элемент))?\s+(?:в|на)\s+(?:стадию\s+|этап\s+)?(?:{_QUOTED.format('name')}|"
                            rf"(?P<bare>[^«»\"“”,;]{{1,80}}?))"), re.IGNORECASE),
        ("stage", (r"move(?:\s+(?:it|the\s+(?:deal|lead|item|element)))?\s+(?:on\s+)?to\s+(?:the\s+)?(?:stage\s+)?"
                  rf"(?:{_QUOTED.format('name')}|(?P<bare>[^\"“”,;]{{1,80}}?))"), re.IGNORECASE),
        ("notify", rf"(?:(?i:уведомить|оповестить|сообщить)){_FOR}\s*[:,]?\s*{_TEXT}", 0),
        ("notify", rf"(?:(?i:notify|tell)){_FOR}\s*[:,]?\s*{_TEXT}", 0),
        ("comment", rf"(?:написать|добавить|оставить)\s+комментарий\s*:?\s*{_TEXT}|(?:write|add|"
                  rf"leave)\s+a\s+comment\s*:?\s*"
                    + _QUOTED.format("other"), re.IGNORECASE),
        ("process", (r"запустить\s+(?:бизнес-?\s?)?процесс\s+[№#]?(?P<number>\d{1,9})|"
                    r"(?:start|run)\s+(?:the\s+)?(?:business\s+)?process\s+#?(?P<other>\d{1,9})"), re.IGNORECASE),
    )
)  # fmt: skip
_COUNTS: Final = {
    "один": 1, "одного": 1, "два": 2, "две": 2, "три": 3, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "": 1,
}  # fmt: skip


def rules_said(text: str) -> Slots | None:
    """Return what is to be done with rules, or the rule that a text says; None where it is neither."""
    if _STEMS.search(text.lower()) is None:
        return None
    for do, form in _KEPT:
        found = form.match(text)
        if found is not None:
            return _kept(do, found.groupdict())
    found = _WHEN.match(text)
    if found is None:
        return None
    happens, process = _with_deal(found["happens"])
    waits = _happens(happens)
    if waits is None:
        return None
    if process:
        waits |= {"object": _SMART, "process": process}
    deeds = [_deed(each) for each in _NEXT.split(found["deeds"])]
    told = [each for each in deeds if each is not None]
    return {"do": "make", **waits, "deeds": told} if told and len(told) == len(deeds) else None


def _kept(do: str, parts: dict[str, str | None]) -> Slots:
    slots: Slots = {"do": do}
    if name := parts.get("name") or parts.get("other"):
        slots["name"] = _bare(name)
    if do == "try":
        slots |= {"object": _object(parts["object"] or ""), "number": int(parts["number"] or 0)}
        if process := parts.get("process"):
            slots |= {"object": _SMART, "process": _bare(process)}
    return slots


def _with_deal(said: str) -> tuple[str, str]:
    """Return what happens with a deal in the place of a smart process's element, and what the process is called."""
    found = _OF_PROCESS.search(said)
    if found is None:
        return said, ""
    parts = found.groupdict()
    name = next(each for at, each in parts.items() if at != "ru" and each)
    deal = " a deal" if parts["ru"] is None else "сделка" if parts["ru"].lower() == "элемент" else "сделки"
    return f"{said[: found.start()]}{deal}{said[found.end() :]}".strip(), _bare(name)


def _happens(said: str) -> Slots | None:
    """Return what a rule waits for: the object, the event, and what must be so."""
    for what, form in _HAPPENS:
        if (found := form.match(said)) is None:
            continue
        if what == "stage" and (more := _AND_AMOUNT.match(said)) is not None:
            continue_with = form.match(more["rest"])
            if continue_with is not None:
                return {**_waits(what, continue_with.groupdict()), "at_least": _amount(more)}
        return _waits(what, found.groupdict(), found)
    if (more := _AND_AMOUNT.match(said)) is not None and (rest := _happens(more["rest"])) is not None:
        return {**rest, "at_least": _amount(more)} if "at_least" not in rest else None
    return None


def _waits(what: str, parts: dict[str, str | None], found: re.Match[str] | None = None) -> Slots:
    thing = _object(parts.get("object") or parts.get("gone") or parts.get("thing") or "")
    kind, _, value = what.partition(":")
    slots: Slots = {"object": thing, "event": kind if kind in {"added", "deleted"} else "changed"}
    match kind:
        case "stage":
            slots["stage"] = _bare(parts.get("stage") or parts.get("bare") or "")
        case "status":
            slots["status"] = value
        case "moved":
            slots["changed"] = "stage"
        case "changed":
            slots["changed"] = value
        case "amount" if found is not None:
            slots["at_least"] = _amount(found)
    return slots


def _deed(said: str) -> dict[str, Any] | None:
    for do, form in _DEEDS:
        if (found := form.match(said)) is None:
            continue
        parts = found.groupdict()
        deed: dict[str, Any] = {"do": do}
        for name in ("name", "title", "text", "number"):
            value = parts.get(name) or (parts.get("bare") if name == "name" else None)
            if value is not None:
                deed[name] = _bare(value) if name == "name" else value.strip()
        if parts.get("other") is not None:
            deed[{"deal": "title", "comment": "text", "process": "number"}[do]] = (parts["other"] or "").strip()
        if who := parts.get("who"):
            deed["who"] = _whom(who)
        if unit := parts.get("of"):
            deed["deadline"] = _length(parts.get("count") or "", unit)
        return deed
    return None


def _whom(said: str) -> str:
    """Return `responsible`, `head`, or the name that was said."""
    plain = said.casefold()
    if plain.startswith("руководител") or plain.split()[-1] in {"head", "lead", "manager"}:
        return "head"
    return "responsible" if plain.startswith(("ответственн", "responsible")) else said.strip()


def _length(count: str, unit: str) -> str:
    """Return a length of time as rules have it: `1wd`, `8wh`, `2d`, `30m`."""
    number = int(count) if count.isdecimal() else _COUNTS.get(count.casefold(), 1)
    plain = unit.casefold()
    if plain.startswith(("недел", "week")):
        return f"{7 * number}d"
    is_hours = "час" in plain or "hour" in plain
    if plain.startswith(("раб", "work", "business")):
        return f"{number}{'wh' if is_hours else 'wd'}"
    if is_hours:
        return f"{number}h"
    return f"{number}m" if plain.startswith(("мин", "min")) else f"{number}d"


def _amount(found: re.Match[str]) -> int | float:
    value = float(re.sub(r"[\s\u00a0\u202f]", "", found["number"]).replace(",", "."))
    unit = (found["unit"] or "").casefold()
    if unit.startswith(("млн", "m")):
        value *= 1_000_000
    elif unit.startswith(("тыс", "к", "k")):
        value *= 1_000
    return int(value) if value.is_integer() else value


def _object(said: str) -> str:
    return next((kind for begins, kind in _OBJECTS.items() if said.casefold().startswith(begins)), "")


def _bare(said: str) -> str:
    return said.strip(" «»\"“”„'?!.")

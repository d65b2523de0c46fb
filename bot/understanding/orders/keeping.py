"""What administrators keep for approvals: «группа юристы: Анна, Борис», «шаблон скидка», «включи шаблон отпуск»."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.routes import of_whom, would_get

if TYPE_CHECKING:
    from bot.understanding.orders.draft import Slots

_END: Final = r"\W*$"
_GROUPS: Final = (
    ("list", r"(?:покажи\s+|какие\s+)?(?:есть\s+|все\s+)?группы(?:\s+людей)?|(?:show\s+|list\s+)?(?:all\s+)?groups"),
    ("set", r"(?:группа|group)\s+(?P<name>[^:]{1,60}?)\s*:\s*(?P<people>.+)"),
    ("add", r"(?:добавь|добавить|включи|включить)\s+(?P<people>.+?)\s+в\s+группу\s+(?P<name>.{1,60}?)"),
    ("add", r"add\s+(?P<people>.+?)\s+to\s+(?:the\s+)?group\s+(?P<name>.{1,60}?)"),
    (
        "remove",
        r"(?:убери|убрать|исключи|исключить|удали|удалить)\s+(?P<people>.+?)\s+из\s+группы\s+(?P<name>.{1,60}?)",
    ),
    ("remove", r"(?:remove|take)\s+(?P<people>.+?)\s+(?:out\s+of|from)\s+(?:the\s+)?group\s+(?P<name>.{1,60}?)"),
    ("delete", r"(?:удали|удалить|распусти|распустить)\s+группу\s+(?P<name>.{1,60}?)"),
    ("delete", r"(?:delete|remove|dissolve)\s+(?:the\s+)?group\s+(?P<name>.{1,60}?)"),
    ("show", r"(?:покажи\s+группу|кто\s+в\s+группе|группа)\s+(?P<name>\S+(?:\s+\S+){0,2}?)"),
    ("show", r"(?:show\s+(?:the\s+)?group|who\s+is\s+in\s+(?:the\s+)?group|group)\s+(?P<name>\S+(?:\s+\S+){0,2}?)"),
)
_TEMPLATES: Final = (
    ("list", r"(?:покажи\s+|какие\s+)?(?:есть\s+|все\s+)?шаблоны(?:\s+(?:заявок|согласовани[йя]))?"),
    ("list", r"(?:show\s+|list\s+)?(?:all\s+|the\s+)?(?:request\s+|approval\s+)?templates"),
    (
        "on",
        r"включи(?:ть)?\s+шаблон\s+(?P<name>.{1,80}?)|(?:switch|turn)\s+on\s+(?:the\s+)?template\s+(?P<other>.{1,80}?)",
    ),
    ("off", r"(?:выключи|отключи)(?:ть)?\s+шаблон\s+(?P<name>.{1,80}?)"),
    ("off", r"(?:switch|turn)\s+off\s+(?:the\s+)?template\s+(?P<name>.{1,80}?)"),
    (
        "file",
        r"(?:пришли|дай|скачать|выгрузи)\s+(?:мне\s+)?(?:файл\s+шаблона|шаблон)\s+(?P<name>.{1,80}?)(?:\s+файлом)?",
    ),
    ("file", r"(?:send|give)\s+(?:me\s+)?(?:the\s+)?(?:file\s+of\s+)?(?:the\s+)?template\s+(?P<name>.{1,80}?)"),
    ("show", r"(?:покажи\s+)?шаблон\s+(?P<name>.{1,80}?)|(?:show\s+)?(?:the\s+)?template\s+(?P<other>.{1,80}?)"),
)

_COMPANIES: Final = (
    (
        "list",
        r"(?:мои|какие\s+у\s+меня|покажи)\s+компании|(?:смени|поменяй|сменить|поменять|выбрать|выбери)\s+компанию",
    ),
    ("list", r"(?:my|show\s+my)\s+companies|(?:switch|change|choose)\s+(?:the\s+)?company"),
    ("in", r"(?:компания|фирма)\s*:?\s+(?P<name>[^.,!?;]{1,60}?)"),
    ("in", r"company\s*:?\s+(?P<name>[^.,!?;]{1,60}?)"),
)
"""In which company an account of several acts; of whoever has one, the handler lets such words mean something else."""

_ERRANDS: Final = (
    ("show", r"(?:покажи\s+)?поручения(?:\s+(?:порталу|портала|на\s+портале))?"),
    ("show", r"что\s+(?:не\s+(?:вышло|получилось|сделано|сделалось)|делается|осталось\s+сделать)\s+на\s+портале"),
    ("show", r"(?:show\s+)?(?:the\s+)?(?:portal\s+)?errands(?:\s+on\s+the\s+portal)?"),
    ("show", r"what\s+(?:did\s+not\s+work(?:\s+out)?|failed|is\s+not\s+done|is\s+being\s+done)\s+on\s+the\s+portal"),
)
"""What is done on the portal; errands of people, such as to the shop, are said in other words."""


def _compiled(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((do, re.compile(rf"\s*(?:{form}){_END}", re.IGNORECASE | re.DOTALL)) for do, form in rows)


_READERS: Final = (
    ("groups", re.compile("групп|group"), _compiled(_GROUPS)),
    ("templates", re.compile("шаблон|template"), _compiled(_TEMPLATES)),
    ("company", re.compile("компани|фирм|compan"), _compiled(_COMPANIES)),
    ("errands", re.compile("поручени|портал|errand|portal"), _compiled(_ERRANDS)),
)
"""What each is about, without which none of its forms is there, and the forms."""


def kept(text: str) -> tuple[str, Slots] | None:
    """Return what is to be done (`do`) with a group or a template (`name`), and with whom (`people`)."""
    if (said := would_get(text)) is not None:
        about, person = of_whom(said)
        return "preview", {"template": about, **({"person": person} if person else {})}
    lowered = text.lower()
    for intent, stems, rows in _READERS:
        if stems.search(lowered) is None:
            continue
        for do, form in rows:
            found = form.match(text)
            if found is None:
                continue
            slots: Slots = {"do": do}
            parts = found.groupdict()
            if name := parts.get("name") or parts.get("other"):
                slots["name"] = name.strip(" «»\"“”'?!.")
            if parts.get("people"):
                slots["people"] = parts["people"].strip()
            return intent, slots
    return None

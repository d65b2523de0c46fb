"""Write the pages that the code knows best: `python -m docs.generate`. A test fails when one of them is stale."""

import ast
import importlib
import inspect
import json
import os
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from pydantic import SecretStr

import bot.domain
import bot.services
import handlers
from bot.api.openapi import openapi
from bot.api.routes import OPERATIONS, document_text
from bot.dispatch.router import Route
from bot.domain.errors import Refusal
from bot.domain.people.employee import Role
from bot.domain.workday.punch_log import DayState, PunchKind, is_legal
from bot.messages import State, Words
from bot.services.statuses import ALL as STATUSES
from bot.settings import Settings
from bot.text import Phrase
from docs.compatible import breaking

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by `python -m docs.generate` from the code. Change the code, not this page. -->\n"

EXAMPLES: dict[str, tuple[str, str]] = {
    "check_in": ("пришёл; пришла в 9:15", "I'm in; came at 9:15"),
    "break_start": ("обед; перерыв с 13:00", "lunch; break since 13:00"),
    "break_end": ("вернулась", "back"),
    "check_out": ("ушёл; вчера ушла в 18:30", "I'm out; left yesterday at 18:30"),
    "late": ("опоздаю минут на 20; буду к 11", "running late; there by 11"),
    "wish_correct": ("исправь вчера; забыла отметить обед", "correct yesterday"),
    "worked": ("вчера был с 9:00 до 18:00", "I worked yesterday from 9:00 to 18:00"),
    "remove": ("удали вчерашний приход", "I did not work on Monday"),
    "leave": ("отпуск с 1 по 14 июля; отгул завтра", "vacation from 1 to 14 July; day off tomorrow"),
    "leave_early": (
        "можно уйти сегодня в 16?; уйду пораньше к врачу",
        "can I leave at 4 today?; leaving early for the dentist",
    ),
    "my_leave": ("когда у меня отпуск; мои отгулы", "when is my vacation; my days off"),
    "my_requests": ("мои заявки; что с моей заявкой", "my requests; status of my requests"),
    "start_request": (
        "согласование скидки 12 % по сделке 4711; прошу согласовать расход 12 000 руб на такси",
        "approval of a 12 % discount for deal 4711; approve an expense 12,000 for a taxi",
    ),
    "who_holds": ("у кого моя заявка?; у кого заявка 15?", "who holds my request?; who holds request 15?"),
    "ask_again": (
        "спроси ещё раз; напомни согласующим; напомни по заявке 15",
        "ask again; remind the approvers; remind them about request 15",
    ),
    "approval_sheet": ("лист согласования 12; лист согласования заявки 12", "approval sheet 12; sheet of request 12"),
    "request_history": ("история заявки 12", "history of request 12"),
    "approval_statistics": (
        "статистика согласований; статистика согласований за июнь",
        "approval statistics for June",
    ),
    "withdraw": ("отзови заявку; отзови заявку 15", "withdraw my request; withdraw request 15"),
    "cancel_leave": ("отмени мой отпуск", "cancel my vacation"),
    "move_leave": (
        "перенеси мой отпуск на август; сократи отпуск до 20 июля",
        "move my vacation to August; extend my vacation until 27 July",
    ),
    "leave_balance": (
        "сколько у меня отпуска; сколько отпуска у Бориса",
        "how many vacation days do I have left; how many vacation days does Boris have",
    ),
    "set_entitlement": (
        "отпуск: 28 дней в год; отпуск Анне 35 дней в год с 1 сентября; отгул без ограничений",
        "vacation: 28 days a year; vacation for Anna: 35 days a year; day off without limit",
    ),
    "set_balance": ("у Анны остаток 12 дней на 1 января", "Anna has 12 vacation days left on 1 January"),
    "substitute": ("за меня Ольга", "Olga is my deputy"),
    "substitutes": ("кто меня замещает?; кого я замещаю?", "who stands in for me?"),
    "no_substitute": ("Ольга больше не замещает меня; отмени замещение", "Olga no longer stands in for me"),
    "delegate": ("передай Ольге; передай мои согласования Ольге", "forward it to Olga; delegate my approvals to Olga"),
    "away": (
        "кто в отпуске в июле; кого завтра нет; когда отпуск у Анны",
        "who's out tomorrow; who is on vacation in July; when is Anna's vacation",
    ),
    "decide": (
        "согласуй все отпуска; отклони отпуск Бориса: сдаём проект; верни на доработку: нет сметы",
        "approve all; reject Boris's vacation",
    ),
    "nudge": ("напомни Борису отметиться", "remind Boris to check in"),
    "correct": ("Анна вчера ушла в 19:00; исправь Анне вчера уход на 19:00", "Anna left yesterday at 18:30"),
    "status": ("статус", "status"),
    "today": ("сегодня", "today"),
    "report": ("моя неделя; табель июнь; табель отдел продаж май т-13", "my week; timesheet june; t-13 for may"),
    "undo": ("отмени", "undo"),
    "help": ("помощь", "help"),
    "cancel": ("отмена", "cancel"),
    "confirm": ("да", "yes"),
    "decline": ("нет", "no"),
    "presence": ("кто на работе?", "who is at work?"),
    "approvals": ("мои согласования", "my approvals"),
    "history": ("история", "history"),
    "language": ("говори по-английски", "speak Russian"),
    "zone": ("мой часовой пояс Екатеринбург", "my time zone is Yekaterinburg"),
    "calendar_day": (
        "сделай 30 апреля рабочим; 30 декабря короткий",
        "make 30 April a working day; 30 December is short",
    ),
    "calendar_move": ("перенос 2 мая на 4 мая", "move the day off from 2 May to 4 May"),
    "confirm_period": ("неделя верна; подтверждаю июнь", "my week is right; confirm June"),
    "close_period": ("закрыть июнь", "close June"),
    "reopen_period": ("переоткрой июнь: ошибка в часах", "reopen June: a mistake in the hours"),
    "my_data": ("мои данные; что ты обо мне знаешь", "my data; what do you know about me"),
    "dismissed": ("Борис уволен 12 июня", "Boris was dismissed on 12 June"),
    "erase_person": ("удалить данные Борис Лавров", "erase Boris Lavrov"),
    "overtime": ("прошу согласовать переработку 2 часа за 15 июля", "approve overtime 2 hours yesterday"),
    "remaining": ("сколько осталось; до скольки я сегодня", "how much is left; when can I go"),
    "norm": ("какая у меня норма в июне", "my norm for June"),
    "is_workday": ("завтра рабочий день?; когда ближайший выходной", "is tomorrow a workday?; next public holiday"),
    "company": ("мои компании; компания Бета", "my companies; company Beta"),
    "link": ("привязать телеграм", "link telegram"),
    "remind": ("не напоминай до понедельника; напомни в 18:30", "no reminders until Monday; remind me at 18:30"),
    "my_schedule": ("мой график; график Анны", "my schedule"),
    "set_schedule": (
        "график Анна 9-18; смена Борис 2/2 с 1 июня 20:00-08:00; график отдела продаж гибкий 40 часов в неделю",
        "schedule Anna 9-18; shift Boris 2/2 from 1 June 20:00-08:00",
    ),
    "plan_shift": ("смена Борис 5 июня 20-8; Борис 6 июня выходной", "shift Boris 5 June 20-8"),
    "feed": ("подписка на календарь", "calendar link"),
    "calendar": ("календарь на июнь", "calendar for June"),
    "settings": ("настройки", "settings"),
    "options": ("настройки портала", "portal settings"),
    "my_settings": ("мои настройки", "my settings"),
    "subscribe": ("не присылай сводку; присылай итоги недели", "no morning digest; send me the weekly summary"),
    "write_to": ("пиши мне в Битрикс", "write to me in Telegram"),
    "digest_at": ("сводка в 9:30", "digest at 9:30"),
    "templates": ("шаблоны; шаблон скидка; включи шаблон отпуск", "templates; turn on template leave"),
    "groups": (
        "группа юристы: Анна, Борис; добавь Веру в группу юристы; группы",
        "group lawyers: Anna, Boris; remove Boris from group lawyers",
    ),
    "rules": (
        "правила; когда сделка перешла в «Договор», согласовать по шаблону «Договор»; что было бы со сделкой 4711?",
        "rules; when a lead is added, make a task for the responsible “Call” due in 1 working day",
    ),
    "errands": ("поручения; что не вышло на портале?", "errands; what did not work out on the portal?"),
    "preview": ("кому уйдёт скидка 400000 от Анны?", "who would get discount 400000 from Anna?"),
    "retention": ("хранить данные 72 месяца", "keep data 72 months"),
}
"""What people write for each intent, in Russian and in English; a test asks the understanding about every one."""

ROLES = {
    frozenset[str](): ("все", "everybody"),
    frozenset({Role.LEAD.value, Role.ADMIN.value}): ("руководители и администраторы", "leads and administrators"),
    frozenset({Role.LEAD.value, Role.ACCOUNTANT.value, Role.ADMIN.value}): (
        "руководители, бухгалтеры и администраторы",
        "leads, accountants and administrators",
    ),
    frozenset({Role.ACCOUNTANT.value, Role.ADMIN.value}): (
        "бухгалтеры и администраторы",
        "accountants and administrators",
    ),
    frozenset({Role.ADMIN.value}): ("администраторы", "administrators"),
}


def main() -> None:
    """Write every page, and say which; a document of the API that breaks programs only by `API_BREAKS=1`."""
    found = pages()
    before = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
    broken = breaking(before, json.loads(found[DOCS / "openapi.json"]))
    if broken and "API_BREAKS" not in os.environ:
        sys.stderr.write("This breaks programs that use the API (API_BREAKS=1 where nobody can have written any):\n")
        sys.stderr.write("".join(f"  {each}\n" for each in broken))
        raise SystemExit(1)
    for path, text in found.items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def pages() -> dict[Path, str]:
    """Return the pages as they should be."""
    return {
        DOCS / "commands.md": commands_page(),
        DOCS / "settings.md": settings_page(),
        DOCS / "refusals.md": refusals_page(),
        DOCS / "handlers.md": routes_page(),
        DOCS / "api.md": api_page(),
        DOCS / "openapi.json": document_text(),
    }


# Commands


def commands_page() -> str:
    """Return the commands and the plain words, in both languages."""
    parts = [NOTE, "# Commands · Команды\n"]
    for place, locale, title, heads, intro in (
        (
            0,
            "ru",
            "По-русски",
            ("Команда", "Что делает", "Можно написать словами", "Кому"),
            "Команды одинаковы в Битрикс24 и в Telegram. Чаще всего они не нужны: бот понимает обычные слова и кнопки.",
        ),
        (
            1,
            "en",
            "In English",
            ("Command", "What it does", "Or say it in words", "Who"),
            "Commands are the same in Bitrix24 and in Telegram. Mostly you need none: plain words and buttons will do.",
        ),
    ):
        rows = [_command_row(route, place, locale) for route in _routes() if route.command is not None]
        parts += [f"## {title}\n", f"{intro}\n", table(heads, rows)]
        said = [each for route in _routes() if route.command is None for each in route.intents]
        only = ("Только словами", "In words only")[place]
        parts += [f"{only}:\n", "".join(f"- {_quoted(EXAMPLES[each][place], locale)}\n" for each in said)]
    return "\n".join(parts)


def _command_row(route: Route, place: int, locale: str) -> tuple[str, ...]:
    command = route.command
    if command is None:
        raise TypeError(route.name)
    name = f"`/{command.name}`"
    if command.params is not None:
        name += f" *{said(command.params, locale)}*"
    words = "; ".join(EXAMPLES[each][place] for each in route.intents)
    return name, said(command.title, locale), _quoted(words, locale), ROLES[command.roles][place]


def _quoted(words: str, locale: str) -> str:
    opening, closing = ("«", "»") if locale == "ru" else ("“", "”")
    return ", ".join(f"{opening}{each.strip()}{closing}" for each in words.split(";")) if words else ""


# Settings


def settings_page() -> str:
    """Return every setting with its default and meaning."""
    rows = [(f"`{name.upper()}`", default(field.default), field.description or "") for name, field in fields()]
    return "\n".join(
        (
            NOTE,
            "# Settings\n",
            "Set them in the environment or in a file `.env` beside `main.py`; the environment wins. All are read and",
            "checked once, at start: a wrong one is named in one sentence and the program ends with exit code 2.",
            "`python main.py check` also tries what they lead to.\n",
            table(("Name", "Default", "Meaning"), rows),
            "Beside these, `RENDER_EXTERNAL_URL`, which Render sets by itself, stands in for a missing `PUBLIC_URL`.",
            "`SECRET_KEY` is required as soon as a messenger is configured; the sandbox makes its own at the first",
            "start and keeps it in its data folder. With neither Bitrix24 nor Telegram configured, the sandbox runs.",
            "The container sets `HOST=0.0.0.0`.\n",
            "For emergencies only:\n",
            *(f"- `{name.upper()}` ({default(field.default)}): {field.description}" for name, field in rare()),
            "",
        )
    )


def fields() -> Iterator[tuple[str, Any]]:
    """List the settings that a deployment may need."""
    return ((name, field) for name, field in Settings.model_fields.items() if not field.json_schema_extra)


def rare() -> Iterator[tuple[str, Any]]:
    """List the settings for emergencies."""
    return ((name, field) for name, field in Settings.model_fields.items() if field.json_schema_extra)


def default(value: object) -> str:
    """Return a default as an operator would write it; a dash where there is none."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value != "" else "–"


# Refusals


def refusals_page() -> str:
    """Return every refusal: its code, when it is given, and what the person reads."""
    rows = []
    for kind in refusals():
        sentences = messages_of(kind)
        english = "<br>".join(sentences) or "*the true state of what was asked about*"
        russian = "<br>".join(translated(each, "ru") for each in sentences) or "*то, как обстоят дела*"
        rows.append((f"`{kind.code}`", _plain(inspect.getdoc(kind) or ""), english, russian))
    return "\n".join(
        (
            NOTE,
            "# Refusals\n",
            "What Smena understood and does not do now. The code is stable: logs, metrics and programs go by it; the",
            "sentence is what the person reads, in their language. A turn that ends in a refusal changes nothing.\n",
            table(("Code", "When", "In English", "По-русски"), rows),
        )
    )


def refusals() -> list[type[Refusal]]:
    """Return every kind of refusal, by module and place in it; families that nobody raises are left out."""
    for package in (bot.domain, bot.services, handlers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = list(_below(Refusal))
    return sorted(
        (each for each in found if messages_of(each) or not each.__subclasses__()),
        key=lambda kind: (kind.__module__, inspect.getsourcelines(kind)[1]),
    )


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def messages_of(kind: type[Refusal]) -> tuple[str, ...]:
    """Return the sentences that a refusal may carry: those of its own, and those it is raised with in its module."""
    found: list[str] = []
    for node in ast.walk(_tree(kind.__module__)):
        is_own = isinstance(node, ast.ClassDef) and node.name == kind.__name__
        is_raised = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind.__name__
        if is_own or is_raised:
            found += [each for each in _sentences(node) if each not in found]
    return tuple(found)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(importlib.import_module(module)))


def _sentences(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "t" and each.args:
            message = each.args[0]
            if isinstance(message, ast.Constant) and isinstance(message.value, str):
                yield message.value


# Routes


def routes_page() -> str:
    """Return the route table, the questions that wait, and the machine of the day."""
    rows = [(_when(route), f"`{route.name}`", _doc(route.handler)) for route in _routes()]
    questions = [
        (f"`{kind.__name__}`", _plain(inspect.getdoc(kind) or ""), _lives(kind.lives), f"`{_answers(kind)}`")
        for kind in sorted(State.names.values(), key=lambda each: (each.__module__, each.__name__))
        if kind.__module__.startswith("handlers.") and not kind.__subclasses__()
    ]
    return "\n".join(
        (
            NOTE,
            "# Routes\n",
            "What is answered by which handler; the first match wins, in this order.\n",
            table(("When", "Handler", "What it does"), rows),
            "## Questions that a conversation can wait on\n",
            table(("State", "What was asked", "Waits for", "Answered by"), questions),
            "## The day\n",
            "Which mark is possible in which state; everything else is a refusal.\n",
            _day_diagram(),
        )
    )


def _when(route: Route) -> str:
    said_as = f"words: {', '.join(route.intents)}" if route.intents else ""
    for label, value in (
        ("pressed", route.action),
        ("answer to", route.state),
        ("yes to", route.agreed),
        ("happened", route.event),
        ("refused", route.refusal),
    ):
        if value is not None:
            return f"{label} `{value.__name__}`"
    if route.command is not None:
        return f"`/{route.command.name}`" + (f"; {said_as}" if said_as else "")
    if route.job:
        return f"due: {route.job}"
    if route.replied:
        return f"in answer to: {route.replied}"
    return f"otherwise: {route.otherwise.value.replace('_', ' ')}" if route.otherwise else said_as


def _answers(kind: type[State]) -> str:
    by_state = {route.state: route.name for route in _routes() if route.state is not None}
    return next((by_state[each] for each in kind.__mro__ if each in by_state), "only by its buttons")


def _lives(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _day_diagram() -> str:
    after = {
        PunchKind.IN: DayState.WORK,
        PunchKind.BREAK_START: DayState.BREAK,
        PunchKind.BREAK_END: DayState.WORK,
        PunchKind.OUT: DayState.OFF,
    }
    arrows = [
        f"    {state.name} --> {after[kind].name}: {kind.name}"
        for state in DayState
        for kind in after
        if is_legal(state, kind)
    ]
    return "\n".join(("```mermaid", "stateDiagram-v2", "    [*] --> OFF", *arrows, "```", ""))


# The API

_API = """# The API

What programs get, at `/api/v1` of a running service; there `docs` is a page with examples, and `openapi.json` is
[the document](openapi.json) (OpenAPI 3.1). The same services, rights and refusals as in chat.

- A call shows a key: `Authorization: Bearer smk_…`. A key has scopes, ends by itself, and acts as its person; one of
  the portal acts for no person and never decides. Keys are made and revoked by people on pages, never by a key.
- Ids are strings, instants UTC (`2026-12-01T09:00:00Z`), days ISO dates, lengths whole seconds. What is not known
  here is refused. What a reader may not see is 404.
- A refusal is a problem document (RFC 9457): `code` for programs, `title` for people by `Accept-Language`, `errors`
  with places, `turn` as in the log. Each code has a page at `/api/v1/problems/{code}`.
- Lists: `limit` (1–100) and `after`, the `next` of the page before; good for one reader, list and filter.
- What changes has `version`, and its ETag begins with it: `If-Match: "7"`, or the ETag as it came. Without it 428;
  with another version 412 and the thing as it is now.
- A POST with an `Idempotency-Key` is done once within a day: the same call gets the same answer, with
  `Idempotency-Replayed: true`.
- `RateLimit` tells what is left; 429 has `Retry-After`. No CORS. Bodies up to 256 KiB.
"""


def api_page() -> str:
    """Return the operations of the API: who may use each, what it takes, and what it refuses."""
    document = openapi(OPERATIONS)
    parts = [NOTE, _API]
    for tag in (each["name"] for each in document["tags"]):
        rows = [
            (f"{verb.upper()} `{path}`", _scope(told), told["summary"], _answered(told))
            for path, verbs in document["paths"].items()
            for verb, told in verbs.items()
            if tag in told["tags"]
        ]
        parts += [f"## {tag}\n", table(("Operation", "Scope", "What it does", "Answers"), rows)]
    return "\n".join(parts)


def _scope(told: Mapping[str, Any]) -> str:
    return f"`{told['x-scope']}`" if "x-scope" in told else "by what is told"


def _answered(told: dict[str, Any]) -> str:
    """Return the statuses of an operation, and the codes that are its own."""
    done = ", ".join(each for each in told["responses"] if each < "300")
    codes = [
        code
        for each in told["responses"].values()
        for code in re.findall(r"`(\w+)`:", each["description"])
        if code in STATUSES and code != "changed_meanwhile"
    ]
    return f"{done}; " + " ".join(f"`{each}`" for each in codes) if codes else done


# What all pages share


def _routes() -> tuple[Route, ...]:
    return tuple(handlers.router.walk())


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def said(words: Words, locale: str) -> str:
    """Return a phrase without values in a language."""
    if not isinstance(words, Phrase):
        raise TypeError("a single phrase is needed")
    return translated(words.message, locale)


def translated(message: str, locale: str) -> str:
    """Return a message in a language as the catalogue's source has it, so that nothing need be compiled."""
    found = _catalogue(locale).get(message)
    return str(found.string) if found is not None and found.string else message


@cache
def _catalogue(locale: str) -> Catalog:
    with (ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def _doc(of: object) -> str:
    return _plain((inspect.getdoc(of) or "").split("\n\n", 1)[0])


def _plain(text: str) -> str:
    """Return a docstring without references to the case tables, as one line."""
    return " ".join(re.sub(r" \((?:cases?|E)\s?\d[^)]*\)", "", text).split())


if __name__ == "__main__":
    main()

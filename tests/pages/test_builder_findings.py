"""What is wrong is said in the words of the page: whoever builds a template never needs to know its file."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.approvals.lint import warnings
from bot.domain.approvals.reading import BadRoute, Fault, read
from bot.domain.approvals.ready import ready_made
from bot.i18n import Translator
from bot.services.approvals.templates import document_of
from bot.web.builder.fields import Known
from bot.web.builder.findings import on_page
from bot.web.builder.nodes import OnlyIf

_OF_THE_FILE = re.compile(
    r"[a-z]+_[a-z]+|«[a-z]+»|“(name|after|when|return|delegate|watch|scope|fallback|value|policy)”"
)
NOW = datetime(2026, 11, 30, tzinfo=UTC)
Change = Callable[[dict[str, Any]], object]


def _stage(form: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = form["route"]["stages"][0]
    return found


def _track(form: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _stage(form)["tracks"][0]
    return found


def _findings(form: dict[str, Any]) -> list[Fault]:
    try:
        return list(warnings(read(form)))
    except BadRoute as bad:
        return list(bad.faults)


WRONG: list[tuple[str, Change, str]] = [
    (
        "nobody chosen",
        lambda f: _track(f).update(approvers=[{"by": "group", "name": ""}]),
        "Не сказано, кого спрашивать",
    ),
    ("no time", lambda f: _stage(f)["deadline"].update(after="-3wd"), "«Срок ответа»: так не получится"),
    ("nobody instead", lambda f: _stage(f).update(on_empty="fallback", fallback=[]), "добавьте, кого вместо них"),
    (
        "somebody in vain",
        lambda f: _stage(f).update(on_empty="fail", fallback=[{"by": "user", "id": 1}]),
        "никогда не спросят",
    ),
    ("the limit", lambda f: f["route"].update(hard_limit="400d"), "от 1 часа до 366 дней"),
    ("above the limit", lambda f: _stage(f)["deadline"].update(after="300d"), "На ответ даётся 300 дней"),
    (
        "late reminder",
        lambda f: _stage(f)["deadline"].update(after="2h", remind_before=["3h"]),
        "до срока 3 часа, а на ответ 2 часа",
    ),
    ("four eyes", lambda f: f["route"]["policy"].update(four_eyes=[["gone", "away"]]), "этапе, которого больше нет"),
    (
        "no rounds",
        lambda f: (_stage(f).update(on_reject="rework"), f["route"]["rework"].update(max_rounds=0)),
        "сколько раз",
    ),
    ("silence", lambda f: _stage(f)["deadline"].update(on_expire="approve"), "Молчание стало бы согласием"),
    ("handing over", lambda f: _track(f)["actions"].append("delegate"), "укажите ниже, кому можно"),
    ("unused rework", lambda f: f["route"]["rework"].update(max_rounds=3), "к ней ничто не ведёт"),
    (
        "alone",
        lambda f: (
            _track(f).update(approvers=[{"by": "user", "id": 1}]),
            _stage(f).update(on_empty="fail", fallback=[]),
        ),
        "кого спросить вместо него",
    ),
]


@pytest.mark.parametrize(("change", "said"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_no_finding_speaks_of_the_file(change: Change, said: str) -> None:
    """Each finding says what to press, in both languages, and names nothing that only the file has."""
    form = json.loads(document_of(ready_made()["leave"]))
    change(form)
    told = [on_page(each, form, "ru") for each in _findings(form)]
    russian = [Translator("ru", "UTC", NOW).plain(each) for each in told]
    assert any(said in each for each in russian), russian
    for each in (*russian, *(Translator("en", "UTC", NOW).plain(each) for each in told)):
        assert _OF_THE_FILE.search(each) is None, each


def test_a_finding_calls_a_field_by_its_title() -> None:
    """Whoever gave a field a title did not give it its key."""
    form = json.loads(document_of(ready_made()["leave"]))
    form["form"].append({"key": "field_7", "title": {"ru": "Сорт"}, "type": "choice", "required": False, "choices": []})
    told = [Translator("ru", "UTC", NOW).plain(on_page(each, form, "ru")) for each in _findings(form)]
    assert ["В поле «Сорт» не из чего выбирать: напишите варианты, каждый с новой строки."] == told


def test_a_condition_is_about_a_field_by_its_title() -> None:
    """The list of fields has their titles; a name that no field has stays until another is chosen."""
    known = Known({}, {}, {}, {"field": "Сумма"}, {"field": "money"}, {})
    condition = {"op": "cmp", "field": "gone", "test": "ge", "value": 1}
    node = OnlyIf()
    row = node.control(condition, "when", node.encode(condition, "when", known), known).parts[1]
    assert [("field", "Сумма"), ("gone", "gone")] == list(row.parts[0].options)

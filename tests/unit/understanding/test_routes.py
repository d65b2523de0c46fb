"""What is asked of approval routes: the thing, what was said of it in numbers, and whom it is about."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import understand

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 24, 14, 20, tzinfo=ZONE)


def meant(text: str) -> dict[str, Any]:
    """Return the intent with its slots."""
    found = understand(text, locale="ru", zone=ZONE, now=NOW)
    return {"intent": found.intent, **found.slots}


@pytest.mark.parametrize(
    ("text", "template", "fields"),
    [
        ("согласование скидки 12 % по сделке 4711", "скидки", {"percent": 12, "deal": 4711}),
        ("согласуй скидку 12,5% по сделке №4711", "скидку", {"percent": 12.5, "deal": 4711}),
        ("прошу согласовать расход 12 000 руб на такси", "расход", {"amount": 12000, "text": "такси"}),
        ("согласование счёта на 45 000,50 руб", "счёта", {"amount": 45000.5}),
        ("согласование закупки 500 тыс по задаче 17", "закупки", {"amount": 500000, "task": 17}),
        ("запусти согласование договора с Ромашкой", "договора", {"text": "с Ромашкой"}),
        ("approve an expense 12,000 for a taxi", "expense", {"amount": 12000, "text": "taxi"}),
        ("approve an expense of $80 for a taxi", "expense", {"amount": 80, "text": "taxi"}),
        ("approval of a 12 % discount for deal 4711", "discount", {"percent": 12, "deal": 4711}),
    ],
)
def test_what_is_asked_for_with_its_fields(text: str, template: str, fields: dict[str, object]) -> None:
    """The word for it is as it was typed; percents, money, deals and tasks are numbers, and the rest is text."""
    assert {"intent": "start_request", "template": template, "fields": fields} == meant(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("лист согласования 12", {"intent": "approval_sheet", "request": "12"}),
        ("approval sheet 12", {"intent": "approval_sheet", "request": "12"}),
        ("история заявки 12", {"intent": "request_history", "request": "12"}),
        ("history of request 12", {"intent": "request_history", "request": "12"}),
        ("история", {"intent": "history"}),
        ("статистика согласований", {"intent": "approval_statistics"}),
        ("у кого заявка 15?", {"intent": "who_holds", "request": "15"}),
        ("у кого моя заявка?", {"intent": "who_holds"}),
        ("спроси ещё раз", {"intent": "ask_again"}),
        ("подай заявку 3 снова", {"intent": "ask_again", "request": "3"}),
        ("напомни согласующим", {"intent": "ask_again"}),
        ("напомни по заявке 12", {"intent": "ask_again", "request": "12"}),
        ("remind them about my request", {"intent": "ask_again"}),
        ("отзови мою заявку 15", {"intent": "withdraw", "request": "15"}),
        ("передай Анне", {"intent": "delegate", "person": "Анне"}),
        (
            "кому уйдёт скидка 400000 от Анны?",
            {"intent": "preview", "template": "скидка", "person": "Анны", "fields": {"amount": 400000}},
        ),
        (
            "а кому отправится скидка 400000 от Анны?",
            {"intent": "preview", "template": "скидка", "person": "Анны", "fields": {"amount": 400000}},
        ),
        (
            "who would get discount 400000 from Anna?",
            {"intent": "preview", "template": "discount", "person": "Anna", "fields": {"amount": 400000}},
        ),
        ("верни на доработку: нет сметы", {"intent": "decide", "verdict": "return", "reason": "нет сметы"}),
    ],
)
def test_what_is_said_of_a_request_that_runs(text: str, expected: dict[str, object]) -> None:
    """Who holds it, that it is taken back, handed over or sent back, and who would be asked."""
    assert expected == meant(text)

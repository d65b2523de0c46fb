"""What a turn's words mean: the words of everybody, then orders, by who says them."""

from datetime import UTC, datetime

import pytest

from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.messages import Incoming, IncomingKind, Sender

NOW = datetime(2026, 7, 15, 11, 20, tzinfo=UTC)


def turn(text: str, role: Role = Role.EMPLOYEE, kind: IncomingKind = IncomingKind.TEXT) -> Turn:
    """Return the turn of a message."""
    message = Incoming("telegram", "", "1", kind, Sender("1"), "1", NOW, text)
    return Turn("t", message, Employee(1, 1, "Анна Ким", role), Portal(1, "p"), NOW)


@pytest.mark.parametrize(
    ("text", "role", "intent"),
    [
        ("пришла", Role.EMPLOYEE, "check_in"),
        ("график Анна 9-18", Role.ADMIN, "set_schedule"),
        ("закрыть июнь", Role.EMPLOYEE, "close_period"),
        ("12 июня выходной", Role.EMPLOYEE, "leave"),
        ("12 июня выходной", Role.LEAD, "leave"),
        ("12 июня выходной", Role.ADMIN, "calendar_day"),
        ("отгул завтра", Role.ADMIN, "leave"),
        ("клиент пришёл", Role.ADMIN, None),
        ("/close июнь", Role.ADMIN, None),
    ],
)
def test_meaning(text: str, role: Role, intent: str | None) -> None:
    """An order is understood of everybody; who may give it is the handler's matter."""
    assert intent == turn(text, role).understood.intent


def test_press_means_no_words() -> None:
    """A button's text is no order."""
    assert turn("закрыть июнь", Role.ADMIN, IncomingKind.PRESS).understood.intent is None

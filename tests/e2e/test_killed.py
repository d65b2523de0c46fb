"""What the program is for goes on where it stood after kill -9, in both messengers."""

import time
from datetime import timedelta

import pytest

from tests.e2e.driven import Sandbox
from tests.e2e.test_stories import UNDO, assert_approved, at


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.3, 1.2])
def test_killed_in_the_middle(mortal: Sandbox, pause: float) -> None:
    """A kill -9 while messages are on their way: after the restart each counts once and is answered."""
    day = mortal.next_day()
    chats = [mortal.chat("bitrix24", "anna"), mortal.chat("telegram", "james"), mortal.chat("telegram", "olga")]
    before = [len(chat.answers) for chat in chats]
    for chat in chats:
        chat.sends("пришла" if chat.person != "james" else "I'm in")
    time.sleep(pause)  # the machine's own time: the process is to be met at another point of its work
    mortal.restart()
    mortal.settle()
    for chat, seen in zip(chats, before, strict=True):
        [session] = mortal.hours(chat.person, day)
        assert at(day, "09:00") == session["start"]
        came = [each for each in chat.answers[seen:] if "09:00" in each]
        assert 1 <= len(came) <= 2, came
    mortal.move("18:00")
    for chat in chats:
        chat.says("ушла" if chat.person != "james" else "done for today")
        assert at(day, "18:00") == mortal.hours(chat.person, day)[0]["end"]


def test_killed_between_decision_and_effect(mortal: Sandbox) -> None:
    """A decision that waits out its 30 seconds survives kill -9 and is carried out once."""
    mortal.move(timedelta(days=4))
    day = mortal.next_day()
    anna, sergey = mortal.chat("bitrix24", "anna"), mortal.chat("telegram", "sergey")
    anna.says("пришла")
    mortal.next_day("08:55")
    anna.says("вчера ушла в 18:30")
    anna.presses("Отправить")
    mortal.restart()
    sergey.presses("Согласовать")
    mortal.restart()
    mortal.move(UNDO)
    assert_approved(mortal, "anna", day, "sergey")
    told = [each for each in (*anna.answers, *mortal.chat("telegram", "anna").answers) if "✅ Согласовано" in each]
    assert 1 <= len(told) <= 2
    assert [] == [each for each in sergey.buttons if "Согласовать" in each]


def test_question_survives_a_kill(mortal: Sandbox) -> None:
    """The question why a request is rejected survives kill -9 (E11)."""
    mortal.move(timedelta(days=4))
    mortal.next_day()
    anna, sergey = mortal.chat("bitrix24", "anna"), mortal.chat("telegram", "sergey")
    anna.says("пришла")
    mortal.next_day("08:55")
    anna.says("вчера ушла в 18:30")
    anna.presses("Отправить")
    sergey.presses("Отклонить")
    mortal.restart()
    sergey.says("в пять тебя уже не было")
    mortal.move(UNDO)
    request = mortal.requests("anna")[0]
    assert ["rejected", "sergey"] == [request["state"], request["decided_by"]]
    assert "в пять тебя уже не было" in mortal.chat("telegram", "anna").last

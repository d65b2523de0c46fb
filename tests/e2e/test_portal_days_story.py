"""The portal's own working day and ours, on the real program: each side's button and words reach the other."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from tests.e2e.driven import MOSCOW, Sandbox, until

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
SEVERAL = "🔁 В Битрикс24 на дату один рабочий день"


def there(sandbox: Sandbox, person: str, portal: str = "main") -> dict[str, Any]:
    """Return how somebody's day stands on the portal."""
    found: dict[str, Any] = sandbox.call("GET", f"portals/{portal}/timeman/{person}")
    return found


def presses(sandbox: Sandbox, person: str, what: str, portal: str = "main", **fields: Any) -> None:
    """Press the portal's own button."""
    sandbox.call("POST", f"portals/{portal}/timeman/{person}", do=what, **fields)


def in_time(sandbox: Sandbox, seen: Callable[[], T]) -> T:
    """Let minutes pass, with looks in them, until there is something to see."""
    for _ in range(12):
        sandbox.move(MINUTE)
        for _ in range(15):
            if found := seen():
                return found
            time.sleep(0.1)
    found = seen()
    assert found, "it never came"
    return found


def stands(sandbox: Sandbox, person: str, status: str, portal: str = "main") -> dict[str, Any]:
    """Wait until somebody's day stands so on the portal."""
    until(lambda: there(sandbox, person, portal)["STATUS"] == status)
    return there(sandbox, person, portal)


def card(sandbox: Sandbox, person: str, begins: str, channel: str = "telegram") -> str:
    """Wait until a message of the chat begins so, and return it."""
    chat = sandbox.chat(channel, person)
    return in_time(sandbox, lambda: [each for each in chat.answers if each.startswith(begins)])[-1]


def marks(sandbox: Sandbox, person: str) -> list[tuple[str, str | None, int]]:
    """Return today's stretches by Moscow time, with the minutes of their breaks."""
    return [
        (clock(each["start"]), clock(each["end"]) if each["end"] else None, each["break_seconds"] // 60)
        for each in sandbox.hours(person, sandbox.now().date().isoformat())
    ]


def clock(instant: str) -> str:
    """Return a Moscow time of day."""
    return f"{datetime.fromisoformat(instant).astimezone(MOSCOW):%H:%M}"


@pytest.fixture(scope="module")
def together(sandbox: Sandbox) -> Sandbox:
    """A sandbox in which an administrator of each company has switched the option on."""
    chat = sandbox.chat("bitrix24", "olga")
    chat.says("/options")
    assert "Сейчас: сам по себе" in chat.presses("День в Битрикс24")
    assert "вместе с нашим" in chat.presses("вместе с нашим")
    return sandbox


def test_our_marks_are_made_there(together: Sandbox) -> None:
    """A check-in opens the portal's day, a break pauses it, its end resumes it, a check-out closes it."""
    together.next_day()
    anna = together.chat("telegram", "anna")
    anna.says("пришла")
    opened = stands(together, "anna", "OPENED")
    assert "09:00" == clock(opened["TIME_START"])
    together.move("12:00")
    anna.says("обед")
    stands(together, "anna", "PAUSED")
    together.move("12:30")
    anna.says("вернулась")
    assert "00:30:00" == stands(together, "anna", "OPENED")["TIME_LEAKS"]
    together.move("18:00")
    anna.says("ушла")
    closed = stands(together, "anna", "CLOSED")
    assert ("18:00", "08:30:00") == (clock(closed["TIME_FINISH"]), closed["DURATION"])
    together.move("18:10")
    assert [("09:00", "18:00", 30)] == marks(together, "anna")


def test_its_button_marks_here(together: Sandbox) -> None:
    """Opened, paused, resumed and closed there: the card in both chats shows it, hours are the portal's."""
    together.next_day()
    presses(together, "vera", "open")
    in_time(together, lambda: marks(together, "vera") == [("09:00", None, 0)])
    assert "Кнопкой в Битрикс24." in card(together, "vera", "🟢 На работе с 09:00")
    together.move("13:00")
    presses(together, "vera", "pause")
    card(together, "vera", "☕ Перерыв с 13:0")
    together.move("13:30")
    presses(together, "vera", "reopen")
    card(together, "vera", "🟢 На работе с 09:00")
    together.move("18:00")
    presses(together, "vera", "close")
    in_time(together, lambda: marks(together, "vera") == [("09:00", "18:00", 30)])
    assert "CLOSED" == there(together, "vera")["STATUS"]


def test_both_at_the_same_minute(together: Sandbox) -> None:
    """Pressed there and said here within a minute is one start; pressed there earlier, it is that start (case 77)."""
    together.next_day()
    presses(together, "gleb", "open")
    together.chat("telegram", "gleb").says("пришел")
    presses(together, "james", "open")
    together.move("09:05")
    together.chat("telegram", "james").says("I am here")
    in_time(together, lambda: marks(together, "james") == [("09:00", None, 0)])
    assert [("09:00", None, 0)] == marks(together, "gleb")
    together.move("09:30")
    for each in ("gleb", "james"):
        presses(together, each, "close")
        in_time(together, lambda each=each: [end for _, end, _ in marks(together, each)] != [None])  # type: ignore[misc]
    assert [("09:00", "09:30", 0)] == marks(together, "gleb")


def test_two_check_ins_a_day(together: Sandbox) -> None:
    """A second stretch goes on with the portal's day, the time between is a break there; that is said once."""
    together.next_day()
    sergey = together.chat("telegram", "sergey")
    for begin, end in (("09:00", "12:00"), ("14:00", "18:00"), ("19:00", "20:00")):
        if begin != "09:00":
            together.move(begin)
        sergey.says("пришел")
        stands(together, "sergey", "OPENED")
        together.move(end)
        sergey.says("ушел")
        closed = stands(together, "sergey", "CLOSED")
    assert ("03:00:00", "08:00:00") == (closed["TIME_LEAKS"], closed["DURATION"])
    assert [("09:00", "12:00", 0), ("14:00", "18:00", 0), ("19:00", "20:00", 0)] == marks(together, "sergey")
    card(together, "sergey", SEVERAL)
    together.settle()
    assert 1 == sum(each.startswith(SEVERAL) for each in sergey.answers)


def test_over_midnight(together: Sandbox) -> None:
    """A shift over midnight is whole here; there it ends with its date, and that is said."""
    together.next_day("22:00")
    day = together.now().date().isoformat()
    irina = together.chat("telegram", "irina")
    irina.says("пришла")
    stands(together, "irina", "OPENED")
    together.next_day("02:00")
    assert "EXPIRED" == there(together, "irina")["STATUS"]
    irina.says("обед")
    together.move("02:30")
    irina.says("вернулась")
    together.move("06:00")
    irina.says("ушла")
    assert "23:59" == clock(stands(together, "irina", "CLOSED")["TIME_FINISH"])
    card(together, "irina", "🔁 Битрикс24 не умеет вести смену через полночь")
    (night,) = together.hours("irina", day)
    assert (27000, 1800) == (night["worked_seconds"], night["break_seconds"])
    together.move("22:00")
    irina.says("пришла")
    assert "22:00" == clock(stands(together, "irina", "OPENED")["TIME_START"])
    together.move("22:30")
    irina.says("ушла")
    stands(together, "irina", "CLOSED")


def test_what_was_forgotten(together: Sandbox) -> None:
    """A day that nobody ended is closed there as it is here, so that the next one opens; a later correction is said."""
    together.next_day()
    vera = together.chat("telegram", "vera")
    vera.says("пришла")
    stands(together, "vera", "OPENED")
    day = together.now().date().isoformat()
    together.next_day("08:00")
    closed = stands(together, "vera", "CLOSED")
    (ours,) = together.hours("vera", day)
    assert clock(ours["end"]) == clock(closed["TIME_FINISH"])
    vera.says("пришла")
    assert "08:00" == clock(stands(together, "vera", "OPENED")["TIME_START"])
    together.move("09:00")
    vera.says("ушла")
    stands(together, "vera", "CLOSED")


def test_after_lost_answers(together: Sandbox) -> None:
    """Answers that are lost behind the deed: everything is done there, and once."""
    together.next_day()
    anna = together.chat("telegram", "anna")
    for word, status, time_of_day in (
        ("пришла", "OPENED", ""),
        ("обед", "PAUSED", "12:00"),
        ("ушла", "CLOSED", "12:30"),
    ):
        if time_of_day:
            together.move(time_of_day)
        for method in ("timeman.open", "timeman.pause", "timeman.close"):
            together.fault("bitrix24", "reset_after_write", portal="main", method=method, count=1)
        anna.says(word)
        day = stands(together, "anna", status)
    assert ("09:00", "12:30", "00:30:00") == (clock(day["TIME_START"]), clock(day["TIME_FINISH"]), day["TIME_LEAKS"])
    together.move("12:40")
    assert [("09:00", "12:30", 30)] == marks(together, "anna")


def test_a_time_written_there_afterwards(together: Sandbox) -> None:
    """Nobody's hours change by it: the person is asked, and “as in Bitrix24” is a correction."""
    together.next_day()
    anna = together.chat("telegram", "anna")
    anna.says("пришла")
    stands(together, "anna", "OPENED")
    together.move("17:30")
    in_time(together, lambda: seen(together, 17))
    together.move("18:00")
    day = together.now().replace(hour=17, minute=0, second=0)
    presses(together, "anna", "close", at=day.isoformat())
    card(together, "anna", "🔁 В Битрикс24 конец вашего дня теперь")
    (before,) = marks(together, "anna")
    assert str(before[1]).startswith("18:0")
    anna.presses("Как в Битрикс24")
    assert "17:00" in anna.last
    assert [before] == marks(together, "anna")


def seen(sandbox: Sandbox, hour: int) -> bool:
    """Return whether portals' days were looked at in that hour of the present day."""
    since = sandbox.now().replace(hour=hour, minute=0, second=0)
    calls = [each for each in sandbox.call("GET", "calls") if "timeman.status" in str(each)]
    return any(datetime.fromisoformat(each["at"]) >= since for each in calls[-50:])


def test_at_the_second_company(together: Sandbox) -> None:
    """With the application and its tokens, one of which expires: both ways as well."""
    together.call("POST", "portals/beta/install", by="emma")
    emma, liam = together.chat("bitrix24", "emma"), together.chat("bitrix24", "liam")
    emma.says("/options")
    emma.presses("Day in Bitrix24")
    assert "together with ours" in emma.presses("together with ours")
    together.next_day("10:00")
    assert liam.says("status").startswith("⚪ Not at work yet")
    together.fault("bitrix24", "expired_token", portal="beta", method="timeman.status", count=1)
    assert liam.says("I am at work").startswith("🟢 At work since ")
    stands(together, "liam", "OPENED", "beta")
    together.move("13:00")
    presses(together, "liam", "pause", "beta")
    card(together, "liam", "☕ On a break since ", "bitrix24")
    presses(together, "liam", "close", "beta")
    card(together, "liam", "🏁 Checked out at ", "bitrix24")
    presses(together, "sofia", "open", "beta")
    assert "By the button in Bitrix24." in card(together, "sofia", "🟢 At work since ", "bitrix24")

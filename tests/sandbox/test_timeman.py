"""The portal's working day: its states, its refusals, and what the reply says of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.desk import Desk, desk
from tests.sandbox.worlds import NOW

__all__ = ["desk"]
REPORT = {"REPORT": "I was at a client's"}


async def sofia(desk: Desk) -> Desk:
    """Act as Sofia, whose zone is Berlin."""
    desk.token = desk.ground.pair(3)["access_token"]
    return desk


def later(desk: Desk, **length: int) -> None:
    """Let time pass, with tokens that are fresh again."""
    desk.ground.world.move_clock(desk.ground.world.clock.now() + timedelta(**length))
    desk.token = desk.ground.pair(3)["access_token"]


async def do(desk: Desk, *steps: str) -> dict[str, Any]:
    """Do one thing after another, an hour apart, and return the last answer."""
    answer: dict[str, Any] = {}
    for step in steps:
        answer = (await desk(f"timeman.{step}")).result
        later(desk, hours=1)
    return answer


async def test_nothing_yet(desk: Desk) -> None:
    """Somebody without a day gets the status alone; pausing and closing change nothing and raise nothing."""
    await sofia(desk)
    for name in ("status", "pause", "close"):
        assert {"STATUS": "CLOSED"} == (await desk(f"timeman.{name}")).result


@pytest.mark.parametrize(
    ("steps", "status", "leaks", "duration"),
    [
        (["open"], "OPENED", "00:00:00", "00:00:00"),
        (["open", "open"], "OPENED", "00:00:00", "00:00:00"),
        (["open", "pause"], "PAUSED", "00:00:00", "00:00:00"),
        (["open", "pause", "pause"], "PAUSED", "00:00:00", "00:00:00"),
        (["open", "pause", "open"], "OPENED", "01:00:00", "00:00:00"),
        (["open", "pause", "open", "close"], "CLOSED", "01:00:00", "02:00:00"),
        (["open", "pause", "close"], "CLOSED", "01:00:00", "01:00:00"),
        (["open", "close", "close"], "CLOSED", "00:00:00", "01:00:00"),
        (["open", "close", "open"], "OPENED", "01:00:00", "00:00:00"),
        (["open", "close", "pause"], "OPENED", "00:00:00", "00:00:00"),
        (["open", "close", "pause", "close"], "CLOSED", "00:00:00", "03:00:00"),
    ],
)
async def test_states(desk: Desk, steps: list[str], status: str, leaks: str, duration: str) -> None:
    """From each state each step; the duration is net of breaks, and nought while the day goes on."""
    await sofia(desk)
    answer = await do(desk, *steps)
    assert (status, leaks, duration) == (answer["STATUS"], answer["TIME_LEAKS"], answer["DURATION"])
    assert (status == "CLOSED") == (answer["TIME_FINISH"] is not None)


async def test_in_the_zone_of_its_start(desk: Desk) -> None:
    """The times of a day are told in the person's zone."""
    await sofia(desk)
    answer = await do(desk, "open")
    assert ("2026-08-21T09:00:00+02:00", 7200) == (answer["TIME_START"], answer["TZ_OFFSET"])


async def test_a_time_that_is_given(desk: Desk) -> None:
    """It needs a reason, is of today, waits for approval beyond the delta, and is refused during a break."""
    await sofia(desk)
    early = (NOW - timedelta(hours=1)).isoformat()
    assert (400, "REPORT_NEEDED") == (await desk("timeman.open", TIME=early)).refusal
    yesterday = (NOW - timedelta(days=1)).isoformat()
    assert (400, "WRONG_DATETIME") == (await desk("timeman.open", TIME=yesterday, **REPORT)).refusal
    assert (400, "WRONG_DATETIME_FORMAT") == (await desk("timeman.open", TIME="early", **REPORT)).refusal
    opened = (await desk("timeman.open", TIME=early, **REPORT)).result
    assert ("OPENED", False) == (opened["STATUS"], opened["ACTIVE"])
    assert NOW - timedelta(hours=1) == datetime.fromisoformat(opened["TIME_START"])
    await desk("timeman.pause")
    assert (400, "TIME") == (await desk("timeman.close", TIME=NOW.isoformat(), **REPORT)).refusal


async def test_expired(desk: Desk) -> None:
    """A day left open is expired after midnight and is closed only with a time of its own date."""
    await sofia(desk)
    await do(desk, "open")
    later(desk, hours=20)
    status = (await desk("timeman.status")).result
    assert "EXPIRED" == status["STATUS"]
    assert "2026-08-21T18:00:00+02:00" == status["TIME_FINISH_DEFAULT"]
    assert (400, "WD_EXPIRED") == (await desk("timeman.close")).refusal
    assert (400, "WD_EXPIRED") == (await desk("timeman.open")).refusal
    assert "EXPIRED" == (await desk("timeman.pause")).result["STATUS"]
    today = desk.ground.world.clock.now().isoformat()
    assert (400, "WRONG_DATETIME") == (await desk("timeman.close", TIME=today, **REPORT)).refusal
    closed = await desk("timeman.close", TIME="2026-08-21T17:00:00+02:00", **REPORT)
    assert ("CLOSED", "08:00:00", False) == tuple(closed.result[each] for each in ("STATUS", "DURATION", "ACTIVE"))
    assert "OPENED" == (await desk("timeman.open")).result["STATUS"]


async def test_for_others(desk: Desk) -> None:
    """Whoever may manage other people's days does it by their id; others are refused with an empty code."""
    assert (await desk("timeman.settings")).result["ADMIN"] is True
    assert "OPENED" == (await desk("timeman.open", USER_ID=3)).result["STATUS"]
    assert (400, "") == (await desk("timeman.open", USER_ID=99)).refusal
    await sofia(desk)
    assert "OPENED" == (await desk("timeman.status")).result["STATUS"]
    assert (await desk("timeman.settings")).result["ADMIN"] is False
    assert (400, "") == (await desk("timeman.status", USER_ID=1)).refusal

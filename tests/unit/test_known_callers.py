"""Whose events are known is taken in, however many strangers are at the door."""

import asyncio
from typing import cast
from urllib.parse import urlencode

import pytest

from bot.channels.bitrix24.object_door import LASTS, READINGS, Caller, ObjectDoor
from bot.domain.automation.watching import Hint
from bot.ports import Hints, NotProven

KNOWN = "a1" * 16
FORM = "application/x-www-form-urlencoded"


class Noted:
    """Keeps what was believed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.hints: list[Hint] = []

    async def note(self, hints: list[Hint]) -> None:
        """Keep it."""
        self.hints += hints


def event(member: str) -> bytes:
    """Return an event as a portal posts it."""
    return urlencode(
        {
            "event": "ONCRMDEALUPDATE",
            "data[FIELDS][ID]": "4711",
            "auth[access_token]": "at",
            "auth[user_id]": "17",
            "auth[member_id]": member,
            "auth[application_token]": "token",
        }
    ).encode()


async def test_strangers_keep_nobody_out() -> None:
    """With all readings used up by strangers, a known company is taken; its token is read again beside, and counts."""
    now, noted = [1000.0], Noted()
    callers = {KNOWN: Caller(1, KNOWN, "token")}

    async def find(member: str) -> Caller | None:
        return callers.get(member)

    door = ObjectDoor(find, cast("Hints", noted), monotonic=lambda: now[0])
    assert await door.take(event(KNOWN), FORM)
    now[0] += LASTS + 1
    for each in range(READINGS):
        with pytest.raises(NotProven):
            await door.take(event(f"{each:032x}"), FORM)
    del callers[KNOWN]
    assert await door.take(event(KNOWN), FORM)
    assert 2 == len(noted.hints)
    await asyncio.sleep(0.01)
    now[0] += 1
    with pytest.raises(NotProven):
        await door.take(event(KNOWN), FORM)

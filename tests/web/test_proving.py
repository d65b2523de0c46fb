"""Proving asks portals, who may be slow or hostile: what they do to their own calls, they do to nobody else's."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.clock import MovableClock
from bot.ports import NotProven, Proof, Serving, Showing, Shown, Verifier
from bot.web.entering.application import Application
from bot.web.entering.room import AT_ONCE, OF_ONE


class Portals:
    """Proves at once what is of an honest portal; others never come to an end, or are always busy."""

    def __init__(self) -> None:
        """Have been asked nothing."""
        self.under_way: list[str] = []
        self.most = 0

    async def prove(self, shown: Shown) -> Proof:
        """Do."""
        self.under_way.append(shown.member_id)
        self.most = max(self.most, self.under_way.count(shown.member_id))
        try:
            if shown.member_id.startswith("endless"):
                await asyncio.Event().wait()
            if shown.member_id.startswith("busy"):
                raise NotProven("portal_silent", may_pass=True)
        finally:
            self.under_way.remove(shown.member_id)
        return cast("Proof", shown.member_id)


def _shown(member: str) -> Shown:
    return Shown(Showing.FRAME, member, "acme.example")


def _application(portals: Portals, sleep: Any = asyncio.sleep, longest_try: float = 15.0) -> Application:
    async def nothing(_: Any) -> Any:
        return None

    clock = MovableClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    verifier, serving = cast("Verifier", portals), cast("Serving", None)
    return Application(nothing, verifier, clock, serving, sleep=sleep, longest_try=longest_try)


async def _begun(application: Application, members: list[str]) -> list["asyncio.Task[Proof]"]:
    made = [asyncio.create_task(application.prove(_shown(each))) for each in members]
    for _ in range(10):
        await asyncio.sleep(0)
    return made


async def _ended(tasks: list["asyncio.Task[Proof]"]) -> None:
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_portal_takes_the_places_of_no_other() -> None:
    """However many calls it sends, few of them are under way; another portal is proven at once."""
    portals = Portals()
    application = _application(portals)
    hostile = await _begun(application, ["endless"] * (AT_ONCE * 2))
    assert "honest" == await asyncio.wait_for(application.prove(_shown("honest")), 2)
    assert OF_ONE == portals.most
    await _ended(hostile)


async def test_a_portal_that_comes_to_no_end_is_given_up() -> None:
    """Then it may be tried again, and its places are free."""
    tried = 0

    async def quickly(_: float) -> None:
        nonlocal tried
        tried += 1

    portals = Portals()
    application = _application(portals, quickly, longest_try=0.01)
    with pytest.raises(NotProven, match="portal_silent") as refused:
        await asyncio.wait_for(application.prove(_shown("endless")), 2)
    assert (True, 2, []) == (refused.value.may_pass, tried, portals.under_way)


async def test_whoever_pauses_holds_no_place() -> None:
    """While as many as there are places wait for their next try, others are proven."""
    may_go_on = asyncio.Event()

    async def pause(_: float) -> None:
        await may_go_on.wait()

    application = _application(Portals(), pause)
    pausing = await _begun(application, [f"busy{number}" for number in range(AT_ONCE)])
    assert "honest" == await asyncio.wait_for(application.prove(_shown("honest")), 2)
    await _ended(pausing)

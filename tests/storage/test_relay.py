"""Commits of one process are heard of in another on the same PostgreSQL; a connection that was lost is had again."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from bot.domain.automation.happening import Happening, HappeningType
from bot.domain.events import AccessChanged
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.topics import CHANGES, Rung
from bot.ids import new_id
from storage import Database, open_storage
from storage.relay import Relay
from tests.storage.given import KEY, NOW, PORTAL, Wall


@pytest.fixture
def kind() -> str:
    """A file has one process whose pages are open."""
    return "postgres"


async def until(seen: Callable[[], Any]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(20):
        while not seen():
            await asyncio.sleep(0.02)


async def process(url: str, name: str, heard: list[Rung]) -> Database:
    """Start one of several processes, whose pages hear."""
    made = await open_storage(url, secret_key=KEY, clock=Wall(), worker=name)
    made.on_commit(heard.append)
    await made.start()
    return made


async def commits(storage: Database, number: int) -> None:
    """Commit something that pages show."""
    async with storage.unit_of_work() as unit:
        if number == 1:
            unit.portals.add(Portal(1, "one.example", "One"))
        unit.employees.add(Employee(number, 1, f"Person {number}"))
        unit.events.append(AccessChanged(1, number, is_disabled=False))
        await unit.commit()


async def test_two_processes_hear_each_other(url: str) -> None:
    """Each hears of a commit once, wherever it was made: which topics, and whom it concerns."""
    here: list[Rung] = []
    there: list[Rung] = []
    one, other = await process(url, "one", here), await process(url, "other", there)
    try:
        await until(lambda: one.hears_others and other.hears_others)
        await commits(one, 1)
        await until(lambda: there)
        await commits(other, 2)
        await until(lambda: len(here) == 2)
        assert [{1}, {2}] == [set(each.concerned) for each in here] == [set(each.concerned) for each in there]
        assert {(1, frozenset({"people"}))} == {(each.portal_id, each.topics) for each in (*here, *there)}
    finally:
        await one.close()
        await other.close()


async def test_what_programs_are_told_of_is_heard_at_once(url: str) -> None:
    """What one process noted wakes the senders of both, and whoever waits at the other for what changes."""
    here, there = asyncio.Event(), asyncio.Event()
    heard: list[Rung] = []
    one, other = await process(url, "one", []), await process(url, "other", heard)
    one.on_hooks(here.set)
    other.on_hooks(there.set)
    try:
        await until(lambda: one.hears_others and other.hears_others)
        async with one.unit_of_work() as unit:
            unit.portals.add(PORTAL)
            unit.happenings.hear(PORTAL.id)
            await unit.commit()
        async with one.unit_of_work() as unit:
            about = Happening(new_id(), PORTAL.id, HappeningType.DAY_CHANGED, "day:7", 7, NOW, {"id": "7"})
            unit.happenings.add(about)
            await unit.commit()
        assert here.is_set()
        await until(there.is_set)
        assert [Rung(PORTAL.id, CHANGES, frozenset())] == heard
        heard.clear()
        there.clear()
        await commits(other, 2)
        await commits(one, 3)
        await until(lambda: len(heard) == 2)
        assert not there.is_set()  # pages hear of people; to programs nothing is to be told
    finally:
        await one.close()
        await other.close()


async def test_a_lost_connection(url: str) -> None:
    """What was told meanwhile by others is missed; what comes after it is heard, and what waited here is told."""
    heard: list[Rung] = []
    one, other = Relay(url, heard.append), Relay(url, lambda _: None)
    one.start()
    other.start()
    try:
        await one.is_connected.wait()
        await other.is_connected.wait()
        admin = await asyncpg.connect(url)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'smena relay' "
            "AND datname = current_database()"
        )
        await admin.close()
        await until(lambda: not one.is_connected.is_set() or not other.is_connected.is_set())
        await one.is_connected.wait()
        await other.is_connected.wait()

        def told() -> bool:
            other.tell(Rung(7, frozenset({"day"}), frozenset(range(1_000_000, 1_000_600))))
            return bool(heard)

        await until(told)
        await until(lambda: len({person for each in heard for person in each.concerned}) == 600)
    finally:
        await one.close()
        await other.close()

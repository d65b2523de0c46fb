"""What was read ahead costs no hop more; everything else is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.dispatch.turn import time_of
from bot.domain.planning.schedule import PlannedDate
from bot.messages import Address, Say
from bot.services.workday.marks import WINDOW
from bot.text import t
from storage import Database
from storage.ahead import Ahead
from storage.engines.engine import Engine, Read
from storage.guesses import Guesses
from storage.rows import Row, millis
from storage.sql import planning
from storage.unit import UnitOfWork
from tests.storage.given import NOW, PORTAL, given, incoming, person

SAY = Say(t("Hello"))


class Counting:
    """A database that tells which portal it was asked about, and counts the hops."""

    def __init__(self) -> None:
        """Begin unasked."""
        self.hops: list[int] = []

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Answer each read with its portal."""
        self.hops.append(len(plan))
        return [[(read.values["portal_id"],)] for read in plan]


def departments(portal_id: int) -> Read:
    """Read the departments of a portal."""
    return Read(planning.DEPARTMENTS, {"portal_id": portal_id})


def calendar(portal_id: int) -> Read:
    """Read the changed days of a portal."""
    return Read(planning.CALENDAR, {"portal_id": portal_id})


async def test_what_was_read_ahead() -> None:
    """Two statements come in one hop and are given from then on; the same statement of another portal is asked for."""
    database = Counting()
    ahead = Ahead(database)
    await ahead.look([departments(1), calendar(1)])
    assert [[(1,)]] == await ahead.read([departments(1)])
    assert [[(1,)], [(1,)]] == await ahead.read([calendar(1), departments(1)])
    assert [2] == database.hops
    assert [[(2,)]] == await ahead.read([departments(2)])
    await ahead.look([departments(1), departments(2)])
    assert [2, 1, 1] == database.hops


class Watched:
    """A database, and how many reads each hop to it made."""

    def __init__(self, engine: Engine) -> None:
        """Hand everything on to `engine`."""
        self.hops: list[int] = []
        self.write, self.start, self.close = engine.write, engine.start, engine.close
        self._engine = engine

    async def read(self, plan: Sequence[Read]) -> list[Sequence[Row]]:
        """Count the hop, and make it."""
        self.hops.append(len(plan))
        return await self._engine.read(plan)


async def test_a_persons_day_comes_with_them(storage: Database) -> None:
    """Whoever wrote before has their day read along; a wrong guess only means that it is asked for."""
    ann = person(10)
    await given(storage, ann)
    database, guesses = Watched(storage._engine), Guesses()
    day = NOW.astimezone(ZoneInfo(ann.zone)).date()

    async def turn() -> UnitOfWork:
        unit = UnitOfWork(database, lambda: millis(NOW), nobody_waits, nobody_waits)
        await unit.preload(incoming("m:1"), millis(NOW), guesses)
        database.hops.clear()
        return unit

    await turn()
    unit = await turn()
    await unit.look_ahead(ann, day)
    assert [] == database.hops
    await unit.look_ahead(ann, day + timedelta(days=1))
    assert [2] == database.hops  # what is planned and who is away then: nothing and nobody, so no calendar is asked for

    async with storage.unit_of_work() as noted:
        noted.schedules.put_date(PlannedDate(PORTAL.id, ann.id, day, None))
        await noted.commit()
    unit = await turn()
    await unit.look_ahead(ann, day + timedelta(days=1))
    assert [2, 3] == database.hops  # and, as there is something by now, by which calendar
    unit = await turn()
    await unit.look_ahead(ann, day)
    assert [] == database.hops


async def test_the_log_of_a_turn_is_read_once(storage: Database) -> None:
    """A turn happens at the whole second of its message, so the log is read from there on, not from a moment later."""
    ann = person(10)
    await given(storage, ann)
    database = Watched(storage._engine)
    unit = UnitOfWork(database, lambda: millis(NOW), nobody_waits, nobody_waits)
    message = replace(incoming("m:1"), received_at=NOW + timedelta(milliseconds=700), sent_at=None)
    await unit.preload(message, millis(NOW), Guesses())
    database.hops.clear()
    now, _ = time_of(message)
    await unit.punches.log(ann, now - WINDOW)
    assert [] == database.hops


def nobody_waits() -> None:
    """Wake nobody."""


async def test_parts_of_a_unit_are_written_in_their_order(storage: Database) -> None:
    """Whichever part is asked for first: a row comes after the one that it belongs to."""
    ann = person(10)
    async with storage.unit_of_work() as unit:
        unit.outbox.add(Address(PORTAL.id, "bitrix24", PORTAL.key, "10", "chat10", "ru", ann.zone), SAY, at=NOW)
        unit.employees.add(ann)
        unit.portals.add(PORTAL)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        assert await unit.employees.get(PORTAL.id, ann.id) is not None
    assert (await storage.backlog()).outbox == 1

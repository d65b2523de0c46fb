"""A process that was killed gets back at once what it had begun; one that lives keeps what is its own."""

import os
from pathlib import Path

import pytest

from storage import Database, open_storage
from storage.seats import SEATS, Seats
from tests.storage.given import KEY, NewUrl, given, incoming

DSN = "postgresql://smena@127.0.0.1/smena"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="seats are locked files")


def test_seats_of_one_machine(tmp_path: Path) -> None:
    """Two processes have two names; who comes after one that died gets its name."""
    first = Seats(DSN, tmp_path)
    first.settle()
    second = Seats(DSN, tmp_path)
    second.settle()
    assert first.own != second.own
    name = first.own
    first.leave()
    assert name == Seats(DSN, tmp_path).own


def test_who_starts_holds_what_is_free(tmp_path: Path) -> None:
    """Until it has given back what the dead had begun nobody else sits down there; the living are not touched."""
    living = Seats(DSN, tmp_path)
    living.settle()
    starting = Seats(DSN, tmp_path)
    late = Seats(DSN, tmp_path)
    assert SEATS - 1 == len(starting.free)
    assert living.own not in starting.free
    assert [late.own] == late.free
    assert late.own not in [living.own, *starting.free]


def test_other_databases_have_other_seats(tmp_path: Path) -> None:
    """A seat is one at a database, and readable by its owner alone."""
    assert Seats(DSN, tmp_path).own == Seats(f"{DSN}_test", tmp_path).own
    assert {0o600} == {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    """Without a seat a process has a name of its own, and its leases run out as ever."""
    seats = Seats(DSN, tmp_path / "nowhere")
    seats.settle()
    assert seats.own.endswith(f":{os.getpid()}")


async def _opened(url: str) -> Database:
    storage = await open_storage(url, secret_key=KEY)
    await storage.start()
    return storage


async def test_after_a_kill(new_url: NewUrl) -> None:
    """What a killed process had claimed is claimed by the next one without waiting for the lease (PostgreSQL)."""
    url = await new_url("postgres")
    killed, beside = await _opened(url), await _opened(url)
    await given(killed)
    await killed.inbox.add([incoming("1"), incoming("2", account="11")])
    assert 1 == len(await killed.inbox.claim(1))
    assert 1 == len(await beside.inbox.claim(5))
    assert killed._seats is not None
    killed._seats.leave()  # what the system does for a process that dies
    restarted = await _opened(url)
    assert [1] == [each.tries for each in await restarted.inbox.claim(5)]
    for each in (killed, beside, restarted):
        await each.close()

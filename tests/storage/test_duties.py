"""A duty is held by one process, until it gives it back, dies or is silent for longer than its lease."""

import asyncio
import subprocess
import sys
from pathlib import Path

from storage import Database
from tests.storage.given import KEY, Opener

ROOT = Path(__file__).resolve().parent.parent.parent
_CLAIMS = """
import asyncio, sys
from storage import open_storage

async def claims():
    storage = await open_storage(sys.argv[1], secret_key=sys.argv[2], worker=sys.argv[3])
    await storage.start()
    print(await storage.duties.claim("poll", 3600), flush=True)
    sys.stdin.readline()
    if sys.argv[4] == "ends well":
        await storage.duties.release("poll")
        await storage.close()

asyncio.run(claims())
"""


async def test_one_holds_it(opened: Opener) -> None:
    """Nobody else gets what is held; whoever holds it may ask again, and other duties are others'."""
    first, second = await opened(), await opened()
    assert [True, False, True] == [await each.duties.claim("poll", 60) for each in (first, second, first)]
    assert await second.duties.claim("tidy", 60)


async def test_of_many_who_ask_at_once_one_gets_it(opened: Opener) -> None:
    """The database decides, not the order in which they look."""
    many = [await opened() for _ in range(4)]
    for name in "abcdefgh":
        assert 1 == sum(await asyncio.gather(*(each.duties.claim(name, 60) for each in many)))


async def test_what_was_given_back_is_free(opened: Opener) -> None:
    """Only its holder can give it back."""
    first, second = await opened(), await opened()
    await first.duties.claim("poll", 60)
    await second.duties.release("poll")
    assert not await second.duties.claim("poll", 60)
    await first.duties.release("poll")
    assert await second.duties.claim("poll", 60)


async def test_a_lease_that_ran_out(opened: Opener) -> None:
    """It is anybody's, and its former holder is told so before it does more."""
    first, second = await opened(), await opened()
    await first.duties.claim("poll", 0)
    assert not await first.duties.renew("poll", 60)
    assert await second.duties.claim("poll", 60)
    assert not await first.duties.renew("poll", 60)
    assert await second.duties.renew("poll", 60)


async def test_only_what_is_held_is_renewed(storage: Database) -> None:
    """A duty that was never taken is nobody's."""
    assert not await storage.duties.renew("poll", 60)


async def test_a_process_that_restarts_holds_nothing(opened: Opener, kind: str) -> None:
    """Under its own name it finds its duties free at once, or asks for them as its own."""
    first = await opened("the one")
    await first.duties.claim("poll", 3600)
    await first.close()
    again = await opened("the one" if kind == "postgres" else "another")
    assert await again.duties.claim("poll", 60)


async def test_two_processes(url: str, opened: Opener, kind: str) -> None:
    """One that lives keeps its duty from others, however long; one that ends gives it back."""
    other = process(url, "the other", "ends well")
    assert "True" == (await asyncio.to_thread(other.stdout.readline)).strip()  # type: ignore[union-attr]
    own = await opened("we")
    assert not await own.duties.claim("poll", 60)
    third = process(url, "a third", "ends well")
    assert "False" == (await asyncio.to_thread(third.stdout.readline)).strip()  # type: ignore[union-attr]
    for each in (third, other):
        await asyncio.to_thread(each.communicate, "\n")
    assert [0, 0] == [third.returncode, other.returncode]
    assert await own.duties.claim("poll", 60)


def process(url: str, worker: str, end: str) -> "subprocess.Popen[str]":
    """Begin another process that asks for the duty, says whether it got it, and waits to be let go."""
    return subprocess.Popen(
        [sys.executable, "-c", _CLAIMS, url, KEY, worker, end],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


async def test_all_at_once(opened: Opener) -> None:
    """Whoever renews all keeps its own that have not run out, and none of others."""
    first, second = await opened(), await opened()
    for name, seconds in (("poll", 60), ("tidy", 60), ("late", 0)):
        await first.duties.claim(name, seconds)
    await second.duties.claim("theirs", 60)
    assert {"poll", "tidy"} == await first.duties.renew_all(60)
    assert {"theirs"} == await second.duties.renew_all(60)

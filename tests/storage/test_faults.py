"""A database that cannot be used says so in one sentence, and one that comes back is used again."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from storage import Unavailable, open_storage
from storage.engines.engine import Write
from storage.engines.sqlite import SqliteEngine
from storage.engines.statement import Statement
from tests.postgres import Server
from tests.storage.given import KEY, NewUrl, incoming


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that nobody at all may write to")
async def test_read_only_folder() -> None:
    """A data folder that cannot be written to is one plain sentence that names the file."""
    for path in ("/proc/smena.db", "/proc/data/smena.db"):
        with pytest.raises(Unavailable, match="/proc"):
            await (await open_storage(f"sqlite:///{path}", secret_key=KEY)).start()


async def test_unusable_file(tmp_path: Path) -> None:
    """A database path that is a folder, or lies in what is none, is one plain sentence."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("not a folder")
    for path in (tmp_path / "folder", tmp_path / "file" / "smena.db"):
        with pytest.raises(Unavailable, match=r"file|folder"):
            await (await open_storage(f"sqlite:///{path}", secret_key=KEY)).start()


async def test_database_turned_read_only(new_url: NewUrl) -> None:
    """A database that may only be read is one plain sentence at the write, and reading goes on."""
    storage = await open_storage(await new_url("sqlite"), secret_key=KEY)
    await storage.start()
    engine = storage._engine
    assert isinstance(engine, SqliteEngine)
    await storage.vault.put("a", "1")
    await engine.write([Write(Statement("read only", lambda _: text("PRAGMA query_only = ON")), {})])
    with pytest.raises(Unavailable, match="readonly"):
        await storage.vault.put("a", "2")
    assert await storage.vault.get("a") == "1"
    await storage.close()


def test_a_process_that_forgets_to_close_ends(tmp_path: Path) -> None:
    """A program that fails while its database is open ends with its own code: no thread keeps it, nothing is lost."""
    program = f"""if True:
        import asyncio
        from storage import open_storage

        async def main():
            storage = await open_storage("sqlite:///{tmp_path}/smena.db", secret_key="{KEY}")
            await storage.start()
            await storage.vault.put("a", "1")
            globals()["kept"] = storage
            raise SystemExit(3)

        asyncio.run(main())
    """
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False, capture_output=True, text=True)
    assert (3, "") == (done.returncode, done.stderr)
    with closing(sqlite3.connect(tmp_path / "smena.db")) as file:
        assert [("1",)] == file.execute("SELECT value FROM vault WHERE name = 'a'").fetchall()


async def test_not_a_database(tmp_path: Path) -> None:
    """A file that is something else is one plain sentence, and stays as it is."""
    file = tmp_path / "smena.db"
    file.write_bytes(b"something else " * 100)
    with pytest.raises(Unavailable, match=r"smena\.db"):
        await (await open_storage(f"sqlite:///{file}", secret_key=KEY)).start()
    assert file.read_bytes() == b"something else " * 100


@pytest.mark.parametrize(
    "dsn", ["postgresql://nobody@127.0.0.1:1/none", "postgres://nobody@/none?host=/nowhere", "postgresql://:bad:port/"]
)
async def test_no_server(dsn: str) -> None:
    """A server that is not there is one plain sentence, without the address's password."""
    with pytest.raises(Unavailable, match="PostgreSQL"):
        await (await open_storage(dsn, secret_key=KEY)).start()


async def test_no_such_database(server: Server) -> None:
    """A database that does not exist on the server is one plain sentence."""
    with pytest.raises(Unavailable, match="does not exist"):
        await (await open_storage(server.address("nowhere"), secret_key=KEY)).start()


async def test_lost_connections(server: Server, new_url: NewUrl) -> None:
    """Connections that the server ends are replaced: nothing that was not committed is lost or doubled."""
    storage = await open_storage(await new_url("postgres"), secret_key=KEY)
    await storage.start()
    await storage.inbox.add([incoming("1")])
    admin = await asyncpg.connect(server.dsn)
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'smena'")
    added = await asyncio.gather(*(storage.inbox.add([incoming(str(number))]) for number in range(1, 20)))
    await admin.close()
    assert (sum(added), (await storage.backlog()).inbox) == (18, 19)
    await storage.close()


async def test_restart_in_the_middle(server: Server, new_url: NewUrl) -> None:
    """While the server is away callers hear Unavailable; what was acknowledged before and after is all there."""
    if server.binaries is None:
        pytest.skip("this PostgreSQL cannot be restarted by a test")
    storage = await open_storage(await new_url("postgres"), secret_key=KEY)
    await storage.start()
    acknowledged = 0
    refused = 0
    restart = asyncio.ensure_future(asyncio.to_thread(server.control, "restart", "-m", "immediate"))
    number = 0
    while not restart.done() or number < 50:
        number += 1
        try:
            acknowledged += await storage.inbox.add([incoming(str(number))])
        except Unavailable:
            refused += 1
        await asyncio.sleep(0.01)
    await restart
    acknowledged += await storage.inbox.add([incoming("last")])
    kept = (await storage.backlog()).inbox
    assert kept - acknowledged in range(refused + 1)
    assert refused > 0
    await storage.close()

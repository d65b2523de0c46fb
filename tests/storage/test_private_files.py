"""What holds people's data on the disk may be read by nobody but its owner."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import open_storage
from storage.backup.backup import backup
from storage.migrate import migrate
from tests.storage.given import KEY, SEAL

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Have a umask that lets everybody read."""
    former = os.umask(0o022)
    yield
    os.umask(former)


def rights(folder: Path) -> dict[str, str]:
    """Return the rights of a folder and of the files in it."""
    return {each.name: oct(each.stat().st_mode & 0o777) for each in [folder, *folder.iterdir()]}


async def test_new_files(tmp_path: Path) -> None:
    """Database, log, lock and backup are made 0600 in a folder that is 0700."""
    folder = tmp_path / "data"
    url = f"sqlite:///{folder / 'smena.db'}"
    storage = await open_storage(url, secret_key=KEY)
    await storage.start()
    await backup(url, folder / "b.gz", SEAL)
    found = rights(folder)
    await storage.close()
    assert {
        "data": "0o700",
        "smena.db": "0o600",
        "smena.db-wal": "0o600",
        "smena.db-shm": "0o600",
        "smena.db.lock": "0o600",
        "b.gz": "0o600",
    } == found


async def test_what_an_older_version_made_is_tightened(tmp_path: Path) -> None:
    """At the start files that others could read are theirs no more."""
    folder = tmp_path / "data"
    url = f"sqlite:///{folder / 'smena.db'}"
    await migrate(url)
    (folder / "smena.db.lock").touch()
    for each in (folder / "smena.db", folder / "smena.db.lock"):
        each.chmod(0o644)
    folder.chmod(0o755)
    storage = await open_storage(url, secret_key=KEY)
    await storage.start()
    found = rights(folder)
    await storage.close()
    assert {"0o600"} == {mode for name, mode in found.items() if name != "data"}
    assert "0o700" == found["data"]


async def test_a_folder_that_serves_others_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program was started, above it, and in a folder like /tmp only the files are ours to tighten."""
    common, here = tmp_path / "common", tmp_path / "here" / "below"
    common.mkdir()
    here.mkdir(parents=True)
    common.chmod(0o1777)
    monkeypatch.chdir(here)
    for folder in (common, here, here.parent):
        before = folder.stat().st_mode
        await migrate(f"sqlite:///{folder / 'smena.db'}")
        assert before == folder.stat().st_mode
        assert 0o600 == (folder / "smena.db").stat().st_mode & 0o777

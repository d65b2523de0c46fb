"""(a) The door: form-encoded bot events, committed before the 200; events a second and the slowest hundredth.

Beside it: a bare aiohttp handler that reads the same form as pairs and answers (the floor), the shortest handler that
commits one row an event with aiosqlite, and a bot built with bitrixogram that does the same (the peers). All commit
with synchronous=FULL. The load comes from a process of its own, over 16 connections and over 64.
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

CONNECTIONS = (16, 64)[: size(2, 1)]
ROUNDS = size(3, 1)
WARM_UP = size(500, 0)
_MANY = size(8_000, 20)
EVENTS = {"ours": size(8_000, 20), "floor": size(8_000, 20), "plain": size(6_000, 20), "peer": size(6_000, 20)}
TITLES = {
    "ours": "ours, committed",
    "floor": "floor: parses only",
    "plain": "peer: plain aiohttp + aiosqlite",
    "peer": "peer: bitrixogram + aiosqlite",
}
_COUNTS = {
    "ours": "SELECT count(*) FROM inbox",
    "plain": "SELECT count(*) FROM event",
    "peer": "SELECT count(*) FROM event",
    "objects": "SELECT count(*) FROM object_hint",
}
_WHAT = ("per_second", "p50_ms", "p99_ms", "cpu_us")


def main() -> None:
    """Measure all of them in turns, so that a noisy minute of the machine strikes each."""
    rounds: dict[tuple[int, str], list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for name in EVENTS:
            for connections, result in zip(CONNECTIONS, measured(name), strict=True):
                rounds.setdefault((connections, name), []).append(result)
    middle = {key: {what: median([each[what] for each in done]) for what in _WHAT} for key, done in rounds.items()}
    figures: dict[str, Any] = {"connections": CONNECTIONS, "rounds": ROUNDS}
    rows: list[tuple[object, ...]] = []
    for connections in CONNECTIONS:
        ours = middle[connections, "ours"]["per_second"]
        for name in EVENTS:
            each = middle[connections, name]
            figures |= {f"{name}_{connections}_{what}": round(value, 2) for what, value in each.items()}
            share = ours / each["per_second"]
            if name != "ours":
                figures[f"of_{name}_{connections}"] = round(share, 2)
            per_round = " ".join(f"{one['per_second']:.0f}" for one in rounds[connections, name])
            rows.append((f"{TITLES[name]}, {connections}", *each.values(), f"{share:.2f}", per_round))
    publish("door", figures, ("the door", "events/s", "p50 ms", "p99 ms", "server cpu µs", "ours ÷ it", "rounds"), rows)


def measured(name: str) -> list[dict[str, float]]:
    """Start a server, warm it up, load it over each number of connections, and check that it stored what it took."""
    results = []
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.doors", name, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            try:
                there = json.loads(server.stdout.readline() or "null")
                if there is None:
                    raise SystemExit(f"{name} did not start")
                first = 1 + WARM_UP
                if WARM_UP:
                    _posted(there, 1, WARM_UP, CONNECTIONS[0])
                for connections in CONNECTIONS:
                    spent = _cpu_seconds(server.pid)
                    count = EVENTS.get(name, _MANY)
                    result = _posted(there, first, count, connections)
                    result["cpu_us"] = (_cpu_seconds(server.pid) - spent) / count * 1e6
                    if result["refused"]:
                        raise SystemExit(f"{name}: {result['refused']:.0f} events were refused")
                    results.append(result)
                    first += count
            finally:
                server.stdin.close()
                server.wait(30)
        if name in _COUNTS:
            _check(name, Path(folder) / f"{name}.db", WARM_UP + len(CONNECTIONS) * EVENTS.get(name, _MANY))
    return results


def _cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used: what a busy machine distorts least."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _posted(there: dict[str, Any], first: int, count: int, connections: int) -> dict[str, float]:
    order = {**there, "first": first, "count": count, "connections": connections}
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _check(name: str, file: Path, expected: int) -> None:
    with closing(sqlite3.connect(file)) as database:
        stored = database.execute(_COUNTS[name]).fetchone()[0]
    if stored != expected:
        raise SystemExit(f"{name}: {expected} events were acknowledged and {stored} are stored")

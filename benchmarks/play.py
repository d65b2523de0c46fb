"""Events a second through `route play`: in one process, and as the command; the floor reads and prints JSON.

Each request on the contract's route (three tracks side by side, then one who signs) lives through refusals, an undo too
late, rework, a resubmission, and an end.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import median, publish
from benchmarks.size import size
from bot.domain.approvals.play import Player

ROUNDS = size(5, 1)
REQUESTS = size(1500, 1)
ROOT = Path(__file__).parents[1]
ROUTE = ROOT / "tests" / "approvals" / "routes" / "contract.json"
PEOPLE: dict[str, Any] = {
    "people": [{"id": each, "department": 7} for each in (1, 2, 3, 11, 12, 13, 21, 41, 42)],
    "departments": [{"id": 7, "head": 21}],
    "groups": {"lawyers": [11, 12, 13]},
}
SAID: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("05T10:00", "start", {"by": 3, "subject": {"amount": 400_000, "file_sha256": "a"}}),
    ("05T10:20", "approve", {"by": 11}),
    ("05T10:21", "approve", {"by": 3}),
    ("05T10:22", "approve", {"by": 11}),
    ("05T10:30", "reject", {"by": 12, "reason": "The term is missing."}),
    ("05T11:00", "ask", {"by": 13, "reason": "Which term?"}),
    ("05T12:00", "return", {"by": 13, "reason": "Please mend it."}),
    ("06T09:00", "resubmit", {"by": 3, "subject": {"file_sha256": "b"}}),
    ("06T09:10", "approve", {"by": 11}),
    ("06T09:20", "approve", {"by": 12}),
    ("06T09:30", "approve", {"by": 21}),
    ("07T09:00", "tick", {}),
    ("07T10:00", "approve", {"by": 41}),
    ("07T10:01", "undo", {"by": 41}),
    ("08T10:00", "approve", {"by": 1}),
    ("08T10:01", "withdraw", {"by": 3}),
)


def lines() -> list[str]:
    """Return the events of all requests."""
    one = [json.dumps({"at": f"2026-01-{at}", "do": do, **more}) for at, do, more in SAID]
    return [*one, '{"do": "new"}'] * REQUESTS


def in_process(events: list[str]) -> float:
    """Return how many events a second one process plays."""
    player = Player(json.loads(ROUTE.read_text(encoding="utf-8")), PEOPLE)
    begun = time.perf_counter()
    for number, line in enumerate(events, 1):
        player.line(number, line)
    return len(events) / (time.perf_counter() - begun)


def as_command(events: list[str]) -> float:
    """Return how many events a second the command plays, its start included."""
    with TemporaryDirectory(prefix="smena-bench-") as folder:
        people = Path(folder, "people.json")
        people.write_text(json.dumps(PEOPLE), encoding="utf-8")
        command = [sys.executable, "main.py", "route", "play", str(ROUTE), "--people", str(people)]
        begun = time.perf_counter()
        done = subprocess.run(
            command, cwd=ROOT, input="\n".join(events), capture_output=True, text=True, check=True, timeout=600
        )
        seconds = time.perf_counter() - begun
    if len(done.stdout.splitlines()) != len(events):
        raise SystemExit("an event had no line")
    return len(events) / seconds


def floor(events: list[str]) -> float:
    """Return how many lines of this size are read and printed a second."""
    state = {"accepted": True, "refusal": None, "asked": [1, 2, 3], "tally": {"legal": [1, 0, 2]}, "due": "2026-01-08"}
    begun = time.perf_counter()
    for line in events:
        json.loads(line)
        json.dumps(state)
    return len(events) / (time.perf_counter() - begun)


def main() -> None:
    """Print the medians."""
    events = lines()
    ways = {"in_process": in_process, "as_command": as_command, "floor": floor}
    found = {name: median([way(events) for _ in range(ROUNDS)]) for name, way in ways.items()}
    titles = {"in_process": "route play, in one process", "as_command": "route play, with its start"}
    rows = [(titles.get(name, "floor: JSON read and printed"), value) for name, value in found.items()]
    figures = {f"{name}_per_second": round(value) for name, value in found.items()}
    publish("play", {"events": len(events), **figures}, ("events", "a second"), rows)

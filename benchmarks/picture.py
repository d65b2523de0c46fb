"""How long a picture takes: the first of a process, weeks, months and teams; the floor is an empty sheet."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.report import median, percentile, publish
from benchmarks.size import size
from bot.pictures.chart import Bar, Chart, Ink, Row, TeamChart
from bot.pictures.paper import Paper
from bot.pictures.png import draw

ROUNDS = size(40, 1)
AIM = 100
"""Milliseconds that a picture may take."""
LEGEND = tuple((ink, f"{ink.value} time") for ink in Ink)


def days(count: int) -> Chart:
    """Return a chart with everything that can occur: breaks, time over plan, an absence, and each badge."""
    bars = []
    for number in range(count):
        day = date(2026, 6, 1) + timedelta(days=number)
        is_away = number % 10 == 6
        bars.append(
            Bar(
                f"{day:%a}",
                str(day.day),
                timedelta(hours=0 if is_away else 7 + number % 3),
                timedelta(hours=max(number % 3 - 1, 0)),
                timedelta(minutes=45),
                timedelta(hours=8),
                f"{7 + number % 3}:00",
                "Vacation" if is_away else "",
                frozenset({list(Ink)[number % len(Ink)]}),
                begins=day.weekday() == 0,
            )
        )
    return Chart("1 – 30 June 2026", "Anna Kim", "168 h 20 min", "of 168 h", bars, ["39:10"] * 5, LEGEND, "h")


def team(count: int) -> TeamChart:
    """Return a chart of that many people."""
    rows = [
        Row(
            f"Person Number {number} of the Team",
            timedelta(hours=150 + number),
            timedelta(hours=168),
            f"{150 + number} h",
            "vacation",
            frozenset({Ink.MISSING, Ink.UNCONFIRMED}),
        )
        for number in range(count)
    ]
    return TeamChart("June 2026", "Sales", "4,200 h", "of 5,040 h", rows, "", LEGEND)


def milliseconds(work: Callable[[], bytes]) -> tuple[float, int]:
    """Return how long a picture took, and its size in bytes."""
    begun = time.perf_counter()
    made = work()
    return (time.perf_counter() - begun) * 1000, len(made)


def main() -> None:
    """Print one JSON line and a table."""
    subjects: dict[str, Callable[[], bytes]] = {
        "week": lambda: draw(days(7)),
        "month": lambda: draw(days(31)),
        "two months": lambda: draw(days(62)),
        "team of 20": lambda: draw(team(20)),
        "floor: empty sheet": lambda: Paper(860).png(),
    }
    first, _ = milliseconds(subjects["week"])
    figures: dict[str, float] = {"first_ms": round(first, 1)}
    rows = []
    for name, work in subjects.items():
        taken = [milliseconds(work) for _ in range(ROUNDS)]
        times, size = [each for each, _ in taken], taken[0][1]
        row = (median(times), percentile(times, 0.95), size / 1024)
        figures[f"{name.split(':')[0].replace(' ', '_')}_ms"] = round(row[0], 1)
        rows.append((name, *row))
    publish("picture", {**figures, "aim_ms": AIM}, ("picture", "median ms", "p95 ms", "KiB"), rows)
    print(f"first picture of the process, imports and letters included: {first:.0f} ms")


if __name__ == "__main__":
    main()

"""What the benchmarks have in common: percentiles, medians of rounds, and one JSON line with a table under it."""

import contextlib
import json
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def as_in_production(folder: Path) -> Iterator[None]:
    """Collect as rarely as the service does, and write its log, to a file: it is part of what a turn costs."""
    from bot.logs import set_up
    from main import collect_rarely

    collect_rarely()
    with (folder / "log").open("w", encoding="utf-8") as log, contextlib.redirect_stderr(log):
        set_up("info", "json")
        yield


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]


def median(values: Sequence[float]) -> float:
    """Return the median of the rounds."""
    return statistics.median(values)


def publish(name: str, figures: Mapping[str, Any], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the JSON line, then the table; the first column is text, numbers are aligned to the right."""
    load = [round(each, 2) for each in os.getloadavg()[:2]]
    print(json.dumps({"benchmark": name, **figures, "cpus": os.cpu_count(), "load": load}, ensure_ascii=False))
    written = [[_cell(each) for each in row] for row in rows]
    widths = [max(len(line[place]) for line in (columns, *written)) for place in range(len(columns))]
    print()
    for line in (columns, *written):
        first, *rest = (
            each.ljust(width) if place == 0 else each.rjust(width)
            for place, (each, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join((first, *rest)).rstrip())
    print(flush=True)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)

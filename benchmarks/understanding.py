"""How fast messages are understood: phrases a second, the slowest phrase, and the general date parser beside it."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.understanding import understand, understand_order, understand_time

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 7, 15, 14, 20, tzinfo=ZONE)
TABLES = Path(__file__).resolve().parents[1] / "tests" / "unit" / "understanding"
ROUNDS = 5
TIMES = (
    "вчера в 18:30",
    "14 июля",
    "позавчера",
    "2 часа назад",
    "10 минут назад",
    "yesterday at 18:30",
    "10 minutes ago",
    "July 14",
    "2026-07-14",
    "18:30",
)
"""Phrases that both can read."""
HOSTILE = (
    "9 " * 250,
    "с 9 до " * 70,
    "9-9-" * 120,
    "приш" * 125,
    "без пяти " * 55,
    "я пришла " * 55,
    "half past " * 50,
    "1:" * 250,
)


def table(locale: str) -> tuple[list[str], list[str]]:
    """Return the phrases of a table that mean something, and those that do not."""
    known: list[str] = []
    foreign: list[str] = []
    for line in (TABLES / f"phrases.{locale}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, expected = line.split("\t")
            (foreign if expected == "-" else known).append(text)
    return known, foreign


def per_second(work: Callable[[str], object], phrases: list[str]) -> tuple[float, float, str]:
    """Return phrases a second, and the slowest phrase with its best time in milliseconds."""
    best = dict.fromkeys(phrases, float("inf"))
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for phrase in phrases:
            begun = time.perf_counter()
            work(phrase)
            best[phrase] = min(best[phrase], time.perf_counter() - begun)
    rate = ROUNDS * len(phrases) / (time.perf_counter() - started)
    slowest = max(best, key=lambda phrase: best[phrase])
    return rate, best[slowest] * 1000, slowest


def ours(phrase: str) -> object:
    """Understand a whole message."""
    return understand(phrase, locale="ru", zone=ZONE, now=NOW)


def order(phrase: str) -> object:
    """Understand an order, which is tried where a message means nothing else."""
    return understand_order(phrase, locale="ru", zone=ZONE, now=NOW)


def orders() -> list[str]:
    """Return the phrases of the tables of orders."""
    lines = [(TABLES / f"orders.{locale}.tsv").read_text(encoding="utf-8").splitlines() for locale in ("ru", "en")]
    return [line.split("\t")[0] for table in lines for line in table if line and not line.startswith("#")]


def our_time(phrase: str) -> object:
    """Understand a phrase of time by itself."""
    return understand_time(phrase, locale="ru", zone=ZONE, now=NOW)


def general_parser() -> Callable[[str], object]:
    """Return the general parser, warm, with the languages that it is given in the service."""
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"}
    parser = DateDataParser(languages=["ru", "en"], settings=settings)
    parser.get_date_data("вчера")
    parse: Callable[[str], object] = parser.get_date_data
    return parse


def first_call() -> float:
    """Return the milliseconds of the first message after the import."""
    begun = time.perf_counter()
    ours("вчера ушёл в 18:30")
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Print one JSON line and a table."""
    cold = first_call()
    known, foreign = (russian + english for russian, english in zip(table("ru"), table("en"), strict=True))
    rows = [
        ("known phrases", *per_second(ours, known)),
        ("phrases not for us", *per_second(ours, foreign)),
        ("hostile, 500 characters", *per_second(ours, [text[:500] for text in HOSTILE])),
        ("orders", *per_second(order, orders())),
        ("phrases not for us, as orders", *per_second(order, foreign)),
        ("time phrases, our grammar", *per_second(our_time, list(TIMES))),
        ("time phrases, dateparser", *per_second(general_parser(), list(TIMES))),
    ]
    names = ("known", "foreign", "hostile", "orders", "foreign_orders", "time_ours", "time_dateparser")
    figures: dict[str, object] = {f"{name}_per_second": round(row[1]) for name, row in zip(names, rows, strict=True)}
    figures |= {f"{name}_slowest_ms": round(row[2], 3) for name, row in zip(names, rows, strict=True)}
    print(
        json.dumps(
            {"benchmark": "understanding", "phrases": len(known) + len(foreign), "first_ms": round(cold, 2), **figures}
        )
    )
    print(f"\n{'':30}{'phrases/s':>12}{'slowest ms':>12}  slowest phrase")
    for title, rate, slowest, phrase in rows:
        print(f"{title:30}{rate:12,.0f}{slowest:12.3f}  {phrase[:40]}")


if __name__ == "__main__":
    main()

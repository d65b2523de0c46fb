"""How fast and how well messages are understood, and the general date parser beside our grammar.

With files of sentences (`tests/corpus/README.md` tells their form), those are judged and measured instead.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.corpus import lenient, own
from benchmarks.judge import ASKED, DANGEROUS, RIGHT, Judged, counts, judge
from benchmarks.size import size
from bot.understanding import understand, understand_order, understand_time
from bot.understanding.word_classes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.corpus import Line

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 7, 15, 14, 20, tzinfo=ZONE)
TABLES = Path(__file__).resolve().parents[1] / "tests" / "unit" / "understanding"
ROUNDS = size(5, 1)
SAMPLE = size(1, 20)
"""Each so-manieth phrase is taken."""
SMALL = 8
"""A memory of so few things is none of words: a parser of dates, the last order."""
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


def forget() -> None:
    """Forget what is remembered of words that were met, so that a text costs what it costs the first time."""
    CLASSES.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("bot.understanding"):
            for memory in vars(module).values():
                if hasattr(memory, "cache_clear") and (memory.cache_parameters()["maxsize"] or 0) > SMALL:
                    memory.cache_clear()


def cpu_per_second(work: Callable[[str], object], phrases: list[str]) -> float:
    """Return phrases a second of the processor's time, nothing being remembered from before."""
    spent = 0.0
    for _ in range(ROUNDS):
        forget()
        begun = time.process_time()
        for phrase in phrases:
            work(phrase)
        spent += time.process_time() - begun
    return ROUNDS * len(phrases) / spent


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
    return [line.split("\t")[0] for table in lines for line in table if line and not line.startswith("#")][::SAMPLE]


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


def quality(judged: list[Judged]) -> dict[str, object]:
    """Return what the answers are worth: the share right, how many were asked back, and the dangerous ones."""
    found = counts(judged)
    return {
        "lines": len(judged),
        "right": round(found[RIGHT] / len(judged), 4),
        "asked": found[ASKED],
        "dangerous": found[DANGEROUS],
    }


def by_theme(judged: list[Judged]) -> dict[str, list[Judged]]:
    """Return the answers of each theme and language."""
    themes: dict[str, list[Judged]] = {}
    for one in judged:
        themes.setdefault(f"{one.line.theme}.{one.line.locale}", []).append(one)
    return themes


def lines_per_second(lines: list[Line]) -> tuple[float, float, str]:
    """Return lines a second, each said as its file tells, and the slowest with its best time in milliseconds.

    The rate is of the processor's time over all lines together, with nothing remembered from before.
    """
    told = {line.where + line.text: line for line in lines}

    def said(where: str) -> object:
        line = told[where]
        return understand(line.text, locale=line.locale, zone=line.zone, now=line.now)

    rate = cpu_per_second(said, list(told))
    _, slowest, where = per_second(said, list(told))
    return rate, slowest, told[where].text


def of_files(paths: Sequence[str]) -> int:
    """Judge and measure the sentences of files: one JSON line, a table by theme, and every dangerous answer."""
    try:
        lines = [line for path in paths for line in lenient(Path(path))]
    except (OSError, ValueError) as error:
        sys.stderr.write(f"understanding: {error}\n")
        return 1
    if not lines:
        sys.stderr.write("understanding: there is no sentence in these files\n")
        return 1
    judged = judge(lines)
    rate, slowest_ms, slowest = lines_per_second(lines)
    figures = {**quality(judged), "per_second": round(rate), "slowest_ms": round(slowest_ms, 3), "slowest": slowest}
    themes = {theme: quality(answers) for theme, answers in by_theme(judged).items()}
    print(json.dumps({"benchmark": "understanding", **figures, "themes": themes}, ensure_ascii=False))
    print(f"\n{'theme':30}{'lines':>8}{'right':>8}{'asked':>8}{'dangerous':>11}")
    for theme, worth in [*themes.items(), ("all", figures)]:
        print(f"{theme:30}{worth['lines']:>8}{worth['right']:>8.1%}{worth['asked']:>8}{worth['dangerous']:>11}")
    for one in judged:
        if one.verdict == DANGEROUS:
            print(f"dangerous: {one}")
    return 0


def main(files: Sequence[str] = ()) -> int:
    """Print one JSON line and a table; of the files, where any are named."""
    if files:
        return of_files(files)
    cold = first_call()
    known, foreign = ((russian + english)[::SAMPLE] for russian, english in zip(table("ru"), table("en"), strict=True))
    lines = own()[::SAMPLE]
    rows = [
        ("known phrases", *per_second(ours, known)),
        ("phrases not for us", *per_second(ours, foreign)),
        ("how people say it", *lines_per_second(lines)),
        ("hostile, 500 characters", *per_second(ours, [text[:500] for text in HOSTILE])),
        ("orders", *per_second(order, orders())),
        ("phrases not for us, as orders", *per_second(order, foreign)),
        ("time phrases, our grammar", *per_second(our_time, list(TIMES))),
        ("time phrases, dateparser", *per_second(general_parser(), list(TIMES))),
    ]
    names = ("known", "foreign", "corpus", "hostile", "orders", "foreign_orders", "time_ours", "time_dateparser")
    figures: dict[str, object] = {f"{name}_per_second": round(row[1]) for name, row in zip(names, rows, strict=True)}
    figures |= {f"{name}_slowest_ms": round(row[2], 3) for name, row in zip(names, rows, strict=True)}
    worth = {f"corpus_{name}": value for name, value in quality(judge(lines)).items()}
    phrases = len(known) + len(foreign)
    print(
        json.dumps({"benchmark": "understanding", "phrases": phrases, "first_ms": round(cold, 2), **figures, **worth})
    )
    print(f"\n{'':30}{'phrases/s':>12}{'slowest ms':>12}  slowest phrase")
    for title, rate, slowest, phrase in rows:
        print(f"{title:30}{rate:12,.0f}{slowest:12.3f}  {phrase[:40]}")
    share, dangerous = worth["corpus_right"], worth["corpus_dangerous"]
    print(f"\n{len(lines):,} sentences as people say them: {share:.1%} right, {dangerous} dangerously wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""(r) What a turn costs where much has been: a month of it or three years, and a thousand portals beside one's own.

The people of one portal work a day; what came of it is written back over as many days, and for other portals, by
statements. Then they work the next day, which is measured: processor time of ours for a turn, the one in the middle
of the rounds, and what the database was waited for, too.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.growth import Run, on_each_database, on_sqlite
from benchmarks.people import AFTER, working_day
from benchmarks.report import as_in_production, median, publish
from benchmarks.size import size
from benchmarks.turns import opened, worked
from bot.messages import Incoming

PEOPLE = size(200, 3)
MONTH, YEARS = size(30, 2), size(3 * 365, 3)
PORTALS = size(1_000, 2)
ROUNDS = size(3, 1)
DAY_MS = 24 * 60 * 60 * 1000
DAY_OF_IDS = DAY_MS << 20
"""An id begins with milliseconds."""
PUNCHES = f"""
    INSERT INTO punch SELECT id - n * {DAY_OF_IDS}, portal_id, employee_id, kind, at - n * {DAY_MS},
    recorded_at - n * {DAY_MS}, zone, source, event || '-' || n, actor_id, reason, target, mark FROM punch, {{numbers}}
"""
SESSIONS = f"""
    INSERT INTO work_session SELECT id - n * {DAY_OF_IDS}, portal_id, employee_id, {{before}}, zone,
    started_at - n * {DAY_MS}, ended_at - n * {DAY_MS}, last_at - n * {DAY_MS}, worked, on_break, '[]', is_auto
    FROM work_session, {{numbers}}
"""
OTHERS = (
    f"""
    INSERT INTO portal (id, key, name, zone, locale, free_correction, is_active)
    SELECT id + n * {DAY_OF_IDS}, key || n, name, zone, locale, free_correction, is_active FROM portal, {{numbers}}
    """,
    f"""
    INSERT INTO employee (id, portal_id, name, role, zone, locale, locale_is_chosen, zone_is_chosen, role_is_chosen,
    is_disabled, version)
    SELECT e.id + n * {DAY_OF_IDS}, e.portal_id + n * {DAY_OF_IDS}, name, role, zone, locale, locale_is_chosen,
    zone_is_chosen, role_is_chosen, is_disabled, version
    FROM employee e JOIN identity i ON i.employee_id = e.id AND length(i.account) = 1, {{numbers}}
    """,
    f"""
    INSERT INTO identity (channel, realm, account, portal_id, employee_id, conversation, is_reachable)
    SELECT channel, realm || n, account, portal_id + n * {DAY_OF_IDS}, employee_id + n * {DAY_OF_IDS}, conversation,
    is_reachable FROM identity, {{numbers}} WHERE length(account) = 1
    """,
)


class Past(NamedTuple):
    """What has been: so many days, and so many portals beside."""

    name: str
    days: int
    portals: int = 0


PASTS = (Past("a month", MONTH), Past("three years", YEARS), Past(f"a month, {PORTALS} portals", MONTH, PORTALS))


def messages(day: int) -> list[Incoming]:
    """Return what those people write on a day."""
    found = []
    for each in working_day():
        if int(each.sender.account) <= PEOPLE:
            at = each.received_at + timedelta(days=day)
            found.append(replace(each, event_id=f"{each.event_id}+{day}", received_at=at, sent_at=at))
    return found


async def turns_after(past: Past, url: str, run: Run, numbers: str) -> tuple[float, float]:
    """Return the milliseconds of a turn, and those of processor time, on the day after such a past."""
    async with opened(url) as (storage, _):
        await worked(storage, messages(0))
        is_file = run is on_sqlite
        before = "date(work_date, '-' || n || ' days')" if is_file else "to_char(work_date::date - n, 'YYYY-MM-DD')"
        days = {"numbers": numbers.format(count=past.days), "before": before}
        for statement in (PUNCHES, SESSIONS):
            await run(url, statement.format(**days))
        for statement in OTHERS if past.portals else ():
            await run(url, statement.format(numbers=numbers.format(count=past.portals)))
        if not is_file:
            await run(url, "ANALYZE")
        rate, cpu = await worked(storage, messages(1))
        return 1000 / rate, cpu


def main() -> None:
    """Measure both databases, each past in turns."""
    figures: dict[str, object] = {"people": PEOPLE, "turns": PEOPLE * len(AFTER), "rounds": ROUNDS}
    rows: list[tuple[object, ...]] = []

    async def measure(name: str, fresh: Callable[[], Awaitable[str]], run: Run, numbers: str) -> None:
        found: dict[Past, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            for past in PASTS:
                found.setdefault(past, []).append(await turns_after(past, await fresh(), run, numbers))
        took, spent = (median([each[place] for each in found[PASTS[0]]]) for place in (0, 1))
        for past, each in found.items():
            wall, cpu = median([one[0] for one in each]), median([one[1] for one in each])
            key = f"{name}_{past.name.replace(' ', '_').replace(',', '')}"
            figures.update({f"{key}_ms": round(wall, 2), f"{key}_cpu_ms": round(cpu, 3)})
            rows.append((f"{name}: {past.name}", wall, f"{wall / took:.2f}", cpu, f"{cpu / spent:.2f}"))

    with TemporaryDirectory(prefix="smena-bench-") as folder, as_in_production(Path(folder)):
        on_each_database(folder, measure)
    publish("history", figures, ("a turn after", "ms", "÷ a month", "cpu ms", "÷ a month"), rows)

"""Punch logs, wishes and texts for the properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.workday.correction import Span, Wish
from bot.domain.workday.punch_log import Punch, PunchKind, WorkSession
from tests.series import series

BEGIN = datetime(2026, 7, 13, 5, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Moscow")
KINDS = (PunchKind.IN, PunchKind.BREAK_START, PunchKind.BREAK_END, PunchKind.OUT)
EXAMPLES = series(50)
PATIENT = settings(max_examples=EXAMPLES, deadline=None)
"""More examples by `make series`; no limit of time on a shared machine."""


def instant(minute: int) -> datetime:
    """Return the instant that many minutes into the time that logs are made of."""
    return BEGIN + timedelta(minutes=minute)


@st.composite
def logs(draw: st.DrawFn, *, voids: bool = True, distinct: bool = False, longest: int = 14) -> list[Punch]:
    """Draw the log of two and a half days: any kinds, in any order, some of them at one instant, some taken back."""
    minutes = draw(st.lists(st.integers(0, 3600), max_size=longest, unique=distinct))
    if not distinct:
        # Coarse steps, so that several marks at one instant are common.
        step = draw(st.sampled_from([1, 15, 240]))
        minutes = [minute // step * step for minute in minutes]
    if draw(st.booleans()):
        minutes.sort()
    zone = draw(st.sampled_from(ZONES))
    told = draw(st.lists(st.sampled_from(KINDS), min_size=len(minutes), max_size=len(minutes)))
    if draw(st.booleans()):
        # A run of whole days, so that long, meaningful logs are common.
        told = [KINDS[number % 4] for number in range(len(minutes))]
    log = [
        Punch(number, kind, instant(minute), instant(minute), zone, event=f"m{number}")
        for number, (kind, minute) in enumerate(zip(told, minutes, strict=True), 1)
    ]
    if voids and log:
        for target in draw(st.lists(st.sampled_from(log), max_size=3, unique_by=lambda punch: punch.id)):
            log.append(
                Punch(len(log) + 1, PunchKind.VOID, target.at, target.at, zone, event=f"v{target.id}", target=target.id)
            )
    return log


QUARTERS = st.integers(0, 240).map(lambda number: number * 15)
"""Minutes on a grid, so that marks and wishes meet at the same instants often."""
LEGAL = {"off": ("in",), "work": ("break", "out", "out"), "break": ("back", "in", "out")}
FOLLOWS = {"in": "work", "back": "work", "break": "break", "out": "off"}


@st.composite
def days(draw: st.DrawFn, *, longest: int = 12) -> list[Punch]:
    """Draw a log in which every mark that counts changed something; what was taken back may be anything."""
    zone = draw(st.sampled_from(ZONES))
    log: list[Punch] = []
    state, before, last = "off", -1, ""
    for minute in sorted(draw(st.lists(QUARTERS, max_size=longest))):
        kind = draw(st.sampled_from(LEGAL[state]))
        # At one instant only the end of a session and the beginning of the next have a meaning.
        if minute > before or (last, kind) == ("out", "in"):
            log.append(Punch(len(log) + 1, PunchKind(kind), instant(minute), instant(minute), zone))
            state, before, last = FOLLOWS[kind], minute, kind
    for kind, minute in draw(st.lists(st.tuples(st.sampled_from(KINDS), QUARTERS), max_size=3)):
        slip = Punch(len(log) + 1, kind, instant(minute), instant(minute), zone)
        log += [slip, Punch(slip.id + 1, PunchKind.VOID, slip.at, slip.at, zone, target=slip.id)]
    return log


@st.composite
def wishes(draw: st.DrawFn, *, absurd: bool = False) -> Wish:
    """Draw a wish about the same days; an absurd one may have a break longer than the day."""
    kind = draw(st.sampled_from(["check_in", "check_out", "break_start", "break_end", "worked", "worked", "remove"]))
    at = instant(draw(st.integers(-4, 250)) * 15)
    length = draw(st.integers(-1, 70)) * 15
    until = at + timedelta(minutes=length)
    longest = 16 if absurd or kind != "worked" else max(1, min(16, length // 15 - 1))
    return Wish(
        kind,
        at if kind != "remove" or draw(st.booleans()) else None,
        until if kind == "worked" else None,
        draw(st.none() | st.integers(1, longest).map(lambda number: timedelta(minutes=number * 15))),
        instant(draw(st.integers(0, 3600))).date() if kind == "remove" else None,
        draw(st.sampled_from(["", "check_in", "check_out", "break_start", "break_end"])) if kind == "remove" else "",
        draw(st.sampled_from(["", "", "trim", "join"])),
    )


def spans(sessions: list[WorkSession]) -> list[Span]:
    """Return what a card would show of sessions: their times, without ids."""
    return [Span.of(each) for each in sessions]

"""What holds for every correction: the plan that is shown is what happens, and it can be taken back."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.workday.correction import (
    Mark,
    Misfit,
    Overlap,
    Plan,
    Span,
    Wish,
    trial,
)
from bot.domain.workday.planner import Planner
from bot.domain.workday.punch_log import Punch, derive
from bot.domain.workday.refit import Contradiction, refitted
from storage.matters import read_matter, write_matter
from tests.properties.strategies import KINDS, PATIENT, days, instant, logs, spans, wishes
from tests.unit.domain.logs import applied

NOW = instant(4000)
LATER = instant(4001)
"""After every mark of a log: none of them was made live while a correction waited."""


def planned(log: list[Punch], wish: Wish) -> Plan | None:
    """Return the plan for a wish, None where it is refused; any other error is a fault."""
    zone = log[0].zone if log else "Europe/Moscow"
    try:
        return Planner(log, zone, NOW).plan(wish)
    except (Misfit, Overlap):
        return None


@PATIENT
@given(logs(), wishes(absurd=True))
def test_a_wish_is_planned_or_refused(log: list[Punch], wish: Wish) -> None:
    """Nothing else: no wish makes a mistake of ours show."""
    made = planned(log, wish)
    assert made is None or made.voids or made.adds


@PATIENT
@given(days(), wishes())
def test_what_is_shown_is_what_happens(log: list[Punch], wish: Wish) -> None:
    """The sheet after the plan is the sheet before it, less what the card shows as before, plus what as after."""
    made = planned(log, wish)
    assume(made is not None)
    assert made is not None
    before = Counter(spans(derive(log)))
    after = Counter(spans(derive(trial(log, made.voids, made.adds, made.zone, NOW))))
    assert not Counter(made.before) - before
    assert before - Counter(made.before) + Counter(made.after) == after
    assert Counter(spans(derive(applied(log, made, NOW)))) == after


@PATIENT
@given(days(), wishes())
def test_a_plan_changes_something_that_can_be_seen(log: list[Punch], wish: Wish) -> None:
    """Nobody is asked to approve a card that reads the same before and after."""
    made = planned(log, wish)
    assert made is None or Counter(made.before) != Counter(made.after)


@PATIENT
@given(days(), wishes())
def test_a_plan_only_adds_to_the_log(log: list[Punch], wish: Wish) -> None:
    """What was recorded stays, and each void names a punch of the log that still counts."""
    made = planned(log, wish)
    assume(made is not None)
    assert made is not None
    assert applied(log, made, NOW)[: len(log)] == log
    voided = {punch.target for punch in log}
    assert len(set(made.voids)) == len(made.voids)
    assert all(any(punch.id == each and punch.kind != "void" for punch in log) for each in made.voids)
    assert not set(made.voids) & voided


@PATIENT
@given(days(), wishes())
def test_the_wish_is_fulfilled(log: list[Punch], wish: Wish) -> None:
    """After “left at T” a session ends at T, after “from A to B” one is exactly that, and so on."""
    made = planned(log, wish)
    assume(made is not None)
    assert made is not None
    after = derive(applied(log, made, NOW))
    match wish.kind:
        case "check_in":
            assert wish.at in {each.started_at for each in after}
        case "check_out":
            assert wish.at in {each.ended_at for each in after}
        case "break_start":
            starts = {one.started_at: one.ended_at for each in after for one in each.breaks}
            assert wish.at in starts
            assert wish.break_for is None or starts[wish.at] == wish.at + wish.break_for
        case "break_end":
            assert wish.at in {one.ended_at for each in after for one in each.breaks}
        case "worked" if not wish.overlap:
            assert (wish.at, wish.until) in {(each.started_at, each.ended_at) for each in after}
        case "worked":
            assert wish.at is not None
            assert wish.until is not None
            covered = sum(
                (
                    max(min(each.ended_at or NOW, wish.until) - max(each.started_at, wish.at), timedelta())
                    for each in after
                ),
                timedelta(),
            )
            assert covered == wish.until - wish.at


@PATIENT
@given(days(), wishes())
def test_a_fresh_plan_fits_its_base(log: list[Punch], wish: Wish) -> None:
    """On the log that it was made for, a plan shows what it showed; once carried out, it has nothing left to change."""
    made = planned(log, wish)
    assume(made is not None)
    assert made is not None
    same = refitted(made, log, LATER, NOW)
    assert (same.before, same.after, same.target) == (made.before, made.after, made.target)
    again = refitted(made, applied(log, made, NOW), LATER, NOW)
    assert ((), ()) == (again.voids, again.adds)


@PATIENT
@given(days(), wishes(), wishes())
def test_two_corrections_in_either_order(log: list[Punch], first: Wish, second: Wish) -> None:
    """Made for one log, they give the same sheet whichever is approved first, or contradict each other both ways."""
    one, other = planned(log, first), planned(log, second)
    if one is not None and other is not None:  # most wishes do not fit; assuming so would draw for ever
        assert _in_turn(log, one, other) == _in_turn(log, other, one)


def _in_turn(log: list[Punch], *plans: Plan) -> list[Span] | None:
    """Return the sheet once the plans were carried out one after the other, None where the second cannot be."""
    for plan in plans:
        try:
            log = applied(log, refitted(plan, log, LATER, NOW), NOW)
        except Contradiction:
            return None
    return spans(derive(log))


@PATIENT
@given(st.data())
def test_corrections_of_different_marks_survive_one_another(data: st.DataObject) -> None:
    """Start, lunch and end of one day, each moved within its own hours, in any order of approval."""
    log = [
        Punch(number, kind, instant(minute), instant(minute), "Europe/Moscow")
        for number, (kind, minute) in enumerate(zip(KINDS, (240, 480, 540, 780), strict=True), 1)
    ]
    near = {"check_in": (180, 300), "break_end": (500, 600), "check_out": (700, 900)}
    moves = {kind: data.draw(st.integers(*bounds)) for kind, bounds in near.items()}
    plans = [planned(log, Wish(kind, instant(minute))) for kind, minute in moves.items()]
    made = [each for each in plans if each is not None]
    sheets = [_in_turn(log, *order) for order in permutations(made)]
    start, back, end = (instant(moves[kind]) for kind in near)
    assert sheets == [[Span(start, end, ((instant(480), back),))]] * len(sheets)


@PATIENT
@given(days(), wishes())
def test_a_correction_and_its_reversal_give_back_the_same_sheet(log: list[Punch], wish: Wish) -> None:
    """Taking back what was added and saying again what was voided leaves the sheet as it was."""
    made = planned(log, wish)
    assume(made is not None)
    assert made is not None
    corrected = applied(log, made, NOW)
    added = tuple(punch.id for punch in corrected[len(log) :] if punch.kind != "void")
    said = tuple(Mark(punch.kind, punch.at) for each in made.voids for punch in log if punch.id == each)
    reversed_log = list(trial(corrected, added, said, made.zone, NOW))
    assert spans(derive(reversed_log)) == spans(derive(log))


@PATIENT
@given(st.integers(60, 600), st.integers(1, 300), st.integers(1, 300), st.booleans())
def test_moving_an_end_there_and_back_gives_the_same_day(length: int, by: int, pause: int, is_start: bool) -> None:
    """Said by wishes: a day is made longer, then corrected back, and reads as at first."""
    assume(pause < length)
    log = list(
        applied(
            [],
            Planner([], "Europe/Moscow", NOW).plan(
                Wish("worked", instant(600), instant(600 + length), timedelta(minutes=pause))
            ),
            NOW,
        )
    )
    kind, there, back = ("check_in", 600 - by, 600) if is_start else ("check_out", 600 + length + by, 600 + length)
    moved = applied(log, Planner(log, "Europe/Moscow", NOW).plan(Wish(kind, instant(there))), NOW)
    again = applied(moved, Planner(moved, "Europe/Moscow", NOW).plan(Wish(kind, instant(back))), NOW)
    assert spans(derive(moved)) != spans(derive(log))
    assert spans(derive(again)) == spans(derive(log))


@PATIENT
@given(days(), wishes())
def test_a_plan_survives_its_stored_form(log: list[Punch], wish: Wish) -> None:
    """Through JSON text, equal."""
    made = planned(log, wish)
    assert made is None or read_matter(*write_matter(CorrectionMatter(made))) == CorrectionMatter(made)

"""What a correction that waited becomes on the log of now, and what it contradicts (case 36)."""

import pytest

from bot.domain.workday.correction import Plan, Wish
from bot.domain.workday.punch_log import AUTO, Punch, PunchKind
from bot.domain.workday.refit import Contradiction, refitted
from tests.unit.domain.logs import MOSCOW, applied, at, plan, punches, sheet, sheet_after, void

DAY = punches("in 2026-07-14 09:00", "out 2026-07-14 18:00")
NOW = "2026-07-15 10:00"
LATER = plan(DAY, Wish("check_out", at("2026-07-14 20:00")), NOW)


def now(made: Plan, log: list[Punch]) -> Plan:
    """Return the plan as it is on a log, asked for on the 15th at ten and looked at on the day after."""
    return refitted(made, log, at(NOW), at("2026-07-16 10:00"))


def test_another_end_of_the_day() -> None:
    """The start was corrected meanwhile: before and after are those of now, and both marks count."""
    log = applied(DAY, plan(DAY, Wish("check_in", at("2026-07-14 09:40")), NOW), at(NOW))
    made = now(LATER, log)
    assert (["14 09:40 - 14 18:00"], ["14 09:40 - 14 20:00"]) == (sheet(made.before), sheet(made.after))
    assert ["14 09:40 - 14 20:00"] == sheet_after(log, made)


def test_it_is_still_about_the_same_session() -> None:
    """Its start is another mark now; a second request about its end finds the first all the same (case 33)."""
    log = applied(DAY, plan(DAY, Wish("check_in", at("2026-07-14 09:40")), NOW), at(NOW))
    again = plan(log, Wish("check_out", at("2026-07-14 19:00")), NOW)
    assert now(LATER, log).target == again.target


@pytest.mark.parametrize(
    "meanwhile",
    [
        ("break 2026-07-14 12:00", "back 2026-07-14 12:30"),
        ("in 2026-07-14 20:00", "out 2026-07-14 21:00"),
        ("in 2026-07-14 06:00", "out 2026-07-14 07:00"),
        ("in 2026-07-15 09:00",),
    ],
)
def test_what_was_recorded_beside_it(meanwhile: tuple[str, ...]) -> None:
    """A lunch, an evening, an early morning, the next day: nothing of it falls silent."""
    log = [*DAY, *punches(*meanwhile, first=10)]
    made = now(LATER, log)
    assert (LATER.voids, LATER.adds) == (made.voids, made.adds)


@pytest.mark.parametrize(
    "meanwhile",
    [
        ("in 2026-07-14 19:00", "out 2026-07-14 21:00"),
        ("in 2026-07-14 19:00",),
    ],
)
def test_what_it_would_swallow(meanwhile: tuple[str, ...]) -> None:
    """Work recorded within the longer day: both cannot be, and neither is dropped in silence."""
    with pytest.raises(Contradiction):
        now(LATER, [*DAY, *punches(*meanwhile, first=10)])


def test_the_same_end_at_another_time() -> None:
    """The state that is recorded now comes with it."""
    log = applied(DAY, plan(DAY, Wish("check_out", at("2026-07-14 17:00")), NOW), at(NOW))
    with pytest.raises(Contradiction) as against:
        now(LATER, log)
    assert ["14 09:00 - 14 17:00"] == sheet(against.value.present)


def test_the_same_end_at_the_same_time() -> None:
    """Somebody put it right already: nothing is left to do."""
    log = applied(DAY, LATER, at(NOW))
    made = now(LATER, log)
    assert ((), (), ["14 09:00 - 14 20:00"]) == (made.voids, made.adds, sheet(made.after))


def test_the_day_was_removed() -> None:
    """Nothing is recorded there any more."""
    log = applied(DAY, plan(DAY, Wish("remove", day=at(NOW).date().replace(day=14)), NOW), at(NOW))
    with pytest.raises(Contradiction) as against:
        now(LATER, log)
    assert () == against.value.present


def test_a_removal_of_what_was_moved() -> None:
    """Whoever asked to remove the day did not know of its other end."""
    gone = plan(DAY, Wish("remove", day=at(NOW).date().replace(day=14)), NOW)
    with pytest.raises(Contradiction):
        now(gone, applied(DAY, LATER, at(NOW)))


def test_an_end_that_was_taken_back() -> None:
    """Somebody said that the person had not left then: another end is no longer a move of it."""
    log = applied(DAY, plan(DAY, Wish("remove", day=at(NOW).date().replace(day=14), target="check_out"), NOW), at(NOW))
    with pytest.raises(Contradiction):
        now(LATER, log)


def test_a_removal_of_what_was_replaced() -> None:
    """Other hours stand there now, and only the lunch is left of what was to be removed."""
    lunch = punches("break 2026-07-14 12:00", "back 2026-07-14 12:30", first=3)
    log = [*DAY, *lunch]
    gone = plan(log, Wish("remove", day=at(NOW).date().replace(day=14)), NOW)
    other = plan(log, Wish("worked", at("2026-07-14 10:00"), at("2026-07-14 17:00")), NOW)
    with pytest.raises(Contradiction):
        now(gone, applied(log, other, at(NOW)))


def test_a_removal_that_was_done_already() -> None:
    """Twice removed is removed."""
    gone = plan(DAY, Wish("remove", day=at(NOW).date().replace(day=14)), NOW)
    made = now(gone, applied(DAY, gone, at(NOW)))
    assert ((), ()) == (made.voids, made.adds)


def test_the_service_s_own_end_gives_way_to_an_end() -> None:
    """An automatic check-out is nobody's word: a plan made before it still fits after it (case 22)."""
    log = DAY[:1]
    made = plan(log, Wish("check_out", at("2026-07-14 18:30")), NOW)
    closed = [*log, _auto("2026-07-14 18:00")]
    assert ["14 09:00 - 14 18:30"] == sheet_after(closed, now(made, closed))


def test_the_service_s_own_end_stays_where_only_the_start_moves() -> None:
    """Nobody said when the day ended: the guess is still there, and still asked about."""
    log = DAY[:1]
    made = plan(log, Wish("check_in", at("2026-07-14 09:40")), "2026-07-14 12:00")
    closed = [*log, _auto("2026-07-14 18:00")]
    corrected = applied(closed, now(made, closed), at(NOW))
    assert [each.id for each in corrected if each.target == 2] == []


def test_an_end_that_was_confirmed_meanwhile() -> None:
    """Somebody said that the guess is true: then another end is a contradiction (case 26)."""
    log = [DAY[0], _auto("2026-07-14 18:00")]
    made = plan(log, Wish("check_out", at("2026-07-14 18:30")), NOW)
    with pytest.raises(Contradiction):
        now(made, [*log, void(3, log[1]), *punches("out 2026-07-14 18:00", first=4)])


def test_a_start_that_was_pressed_while_the_request_waited() -> None:
    """“Came at 8:30” waits and the person presses check-in: approved, the earlier time counts."""
    made = plan([], Wish("check_in", at("2026-07-15 08:30")), NOW)
    live = punches("in 2026-07-15 10:01")
    assert ["15 08:30 - …"] == sheet_after(live, now(made, live))


def _auto(when: str) -> Punch:
    return Punch(2, PunchKind.OUT, at(when), at(when), MOSCOW, mark=AUTO)

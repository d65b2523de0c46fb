"""Rows 30-41, 54 and 58 of the working-time rules, and what follows from them: wishes fitted to a log."""

from datetime import date, timedelta

import pytest

from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.errors import Refusal
from bot.domain.portal import Portal
from bot.domain.workday.correction import Misfit, Overlap, Subject, Wish
from bot.domain.workday.planner import Planner
from bot.domain.workday.punch_log import PunchKind, derive, live
from storage.matters import read_matter, write_matter
from tests.unit.domain.logs import MOSCOW, applied, at, plan, punches, sheet, sheet_after, void

NOW = "2026-07-15 19:00"
DAY = punches("in 2026-07-14 09:00", "out 2026-07-14 18:00")
FREE = Portal(1, "p").free_correction


def test_case_30_a_forgotten_day_appears_with_both_times_and_the_break() -> None:
    """Nothing was recorded; 9 to 18 with an hour's break is one session, and too much to pass by itself."""
    wish = Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 18:00"), timedelta(hours=1))
    made = plan([], wish, NOW)
    (after,) = made.after
    assert made.subject is Subject.DAY
    assert made.before == ()
    assert (after.start, after.end) == (at("2026-07-14 09:00"), at("2026-07-14 18:00"))
    assert sum(((stop or start) - start for start, stop in after.breaks), timedelta()) == timedelta(hours=1)
    assert made.shift is None
    assert made.days == (date(2026, 7, 14),)


def test_case_30_until_it_is_approved_nothing_is_recorded() -> None:
    """Planning changes no log."""
    plan([], Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 18:00")), NOW)
    log = list(DAY)
    plan(log, Wish("check_out", at("2026-07-14 20:00")), NOW)
    assert sheet(derive(log)) == ["14 09:00 - 14 18:00"]
    assert log == DAY


def test_case_31_ten_minutes_are_within_what_passes_at_once() -> None:
    """18:00 to 18:10 moves one mark by ten minutes, less than the portal's fifteen."""
    made = plan(DAY, Wish("check_out", at("2026-07-14 18:10")), NOW)
    assert Portal(1, "p").free_correction == timedelta(minutes=15)
    assert made.shift == timedelta(minutes=10)
    assert (sheet(made.before), sheet(made.after)) == (["14 09:00 - 14 18:00"], ["14 09:00 - 14 18:10"])


def test_case_31_the_old_value_is_kept_in_the_log() -> None:
    """Moving a check-out is a void and a new mark: what was said first stays to be read."""
    made = plan(DAY, Wish("check_out", at("2026-07-14 18:10")), NOW)
    assert made.voids == (DAY[1].id,)
    assert [(mark.kind, mark.at) for mark in made.adds] == [(PunchKind.OUT, at("2026-07-14 18:10"))]
    assert sheet_after(DAY, made) == ["14 09:00 - 14 18:10"]


def test_case_32_two_hours_are_too_much_to_pass_at_once() -> None:
    """18:00 to 20:00 moves by more than the portal lets pass."""
    made = plan(DAY, Wish("check_out", at("2026-07-14 20:00")), NOW)
    assert made.shift == timedelta(hours=2)
    assert made.shift > FREE


LUNCHED = punches("in 2026-07-14 08:55", "break 2026-07-14 08:58", "back 2026-07-14 09:58", "out 2026-07-14 18:05")
NINE_TO_SIX = (at("2026-07-14 09:00"), at("2026-07-14 18:00"))


def test_case_37_a_break_that_the_day_s_new_start_cuts_goes_on() -> None:
    """The whole day is told anew without a word of the break: what was recorded of it inside the day stays."""
    made = plan(LUNCHED, Wish("worked", *NINE_TO_SIX), NOW)
    assert ((at("2026-07-14 09:00"), at("2026-07-14 09:58")),) == made.after[0].breaks
    assert made.is_small(FREE)


def test_case_32_a_break_that_goes_is_no_small_change() -> None:
    """Five minutes at each end, and an hour's lunch that was none: the work grows by an hour, so a lead decides."""
    made = plan(LUNCHED, Wish("worked", *NINE_TO_SIX, break_for=timedelta()), NOW)
    assert () == made.after[0].breaks
    assert not made.is_small(FREE)


def test_case_33_two_corrections_of_the_same_end_have_one_target() -> None:
    """So the second replaces the first; the start of the same session is another target."""
    one = plan(DAY, Wish("check_out", at("2026-07-14 20:00")), NOW)
    two = plan(DAY, Wish("check_out", at("2026-07-14 19:30")), NOW)
    start = plan(DAY, Wish("check_in", at("2026-07-14 08:00")), NOW)
    assert one.target == two.target
    assert start.target != one.target


def test_case_33_another_day_is_another_target() -> None:
    """A correction of Tuesday does not replace one of Monday."""
    log = punches("in 2026-07-13 09:00", "out 2026-07-13 18:00", "in 2026-07-14 09:00", "out 2026-07-14 18:00")
    monday = plan(log, Wish("check_out", at("2026-07-13 19:00")), NOW)
    tuesday = plan(log, Wish("check_out", at("2026-07-14 19:00")), NOW)
    assert monday.target != tuesday.target


TWO = punches("in 2026-07-14 09:00", "out 2026-07-14 13:00", "in 2026-07-14 14:00", "out 2026-07-14 18:00")
ACROSS = (at("2026-07-14 12:30"), at("2026-07-14 15:00"))


def test_case_34_an_overlap_is_refused_with_what_is_in_the_way() -> None:
    """12:30-15:00 over 09-13 and 14-18: nothing is guessed."""
    with pytest.raises(Overlap) as refused:
        plan(TWO, Wish("worked", *ACROSS), NOW)
    assert refused.value.code == "correction_overlap"
    assert sheet(refused.value.sessions) == ["14 09:00 - 14 13:00", "14 14:00 - 14 18:00"]
    assert refused.value.wished == ACROSS


def test_case_34_trim_adds_only_what_is_missing() -> None:
    """The gap from 13 to 14 becomes work; what is recorded stays as it is."""
    made = plan(TWO, Wish("worked", *ACROSS, overlap="trim"), NOW)
    assert made.voids == ()
    assert sheet_after(TWO, made) == ["14 09:00 - 14 13:00", "14 13:00 - 14 14:00", "14 14:00 - 14 18:00"]


def test_case_34_join_makes_one_stretch() -> None:
    """09 to 18 in one session."""
    made = plan(TWO, Wish("worked", *ACROSS, overlap="join"), NOW)
    assert sheet_after(TWO, made) == ["14 09:00 - 14 18:00"]


def test_case_34_join_keeps_the_breaks_inside() -> None:
    """A recorded break is not lost by joining the sessions around it."""
    log = punches(
        "in 2026-07-14 09:00", "break 2026-07-14 11:00", "back 2026-07-14 11:30", "out 2026-07-14 13:00",
        "in 2026-07-14 14:00", "out 2026-07-14 18:00",
    )  # fmt: skip
    made = plan(log, Wish("worked", *ACROSS, overlap="join"), NOW)
    assert sheet_after(log, made) == ["14 09:00 - 14 18:00 (11:00-11:30)"]


def test_case_34_a_part_overlap_of_one_session_is_asked_as_well() -> None:
    """12:30-20:00 over 09-18 is neither inside nor around it."""
    with pytest.raises(Overlap):
        plan(DAY, Wish("worked", at("2026-07-14 12:30"), at("2026-07-14 20:00")), NOW)


def test_touching_is_no_overlap() -> None:
    """13 to 14 between 09-13 and 14-18 needs no question."""
    made = plan(TWO, Wish("worked", at("2026-07-14 13:00"), at("2026-07-14 14:00")), NOW)
    assert sheet_after(TWO, made) == ["14 09:00 - 14 13:00", "14 13:00 - 14 14:00", "14 14:00 - 14 18:00"]


def test_case_37_a_break_is_clipped_to_the_new_start() -> None:
    """Break 12-13 in 09-18, start moved to 12:30: the break is 12:30-13:00 and shown."""
    log = punches("in 2026-07-14 09:00", "break 2026-07-14 12:00", "back 2026-07-14 13:00", "out 2026-07-14 18:00")
    made = plan(log, Wish("check_in", at("2026-07-14 12:30")), NOW)
    assert sheet(made.after) == sheet_after(log, made) == ["14 12:30 - 14 18:00 (12:30-13:00)"]


def test_case_37_a_break_is_clipped_to_the_new_end() -> None:
    """The same at the other side: end moved to 12:30 leaves 12:00-12:30."""
    log = punches("in 2026-07-14 09:00", "break 2026-07-14 12:00", "back 2026-07-14 13:00", "out 2026-07-14 18:00")
    made = plan(log, Wish("check_out", at("2026-07-14 12:30")), NOW)
    assert sheet(made.after) == sheet_after(log, made) == ["14 09:00 - 14 12:30 (12:00-12:30)"]


@pytest.mark.parametrize(("start", "left"), [("13:00", ""), ("13:30", ""), ("12:00", " (12:00-13:00)")])
def test_case_37_a_break_before_the_new_start_goes(start: str, left: str) -> None:
    """A break never lies outside its session; one that touches the new start from inside stays."""
    log = punches("in 2026-07-14 09:00", "break 2026-07-14 12:00", "back 2026-07-14 13:00", "out 2026-07-14 18:00")
    made = plan(log, Wish("check_in", at(f"2026-07-14 {start}")), NOW)
    assert sheet_after(log, made) == [f"14 {start} - 14 18:00{left}"]


@pytest.mark.parametrize("stray", ["out 2026-07-14 18:30", "back 2026-07-14 17:00", "in 2026-07-14 17:00"])
@pytest.mark.parametrize(
    "wish", [Wish("check_out", at("2026-07-14 19:00")), Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 19:00"))]
)
def test_a_mark_that_never_counted_does_not_stand_in_the_way(wish: Wish, stray: str) -> None:
    """A second check-out of case 19 is ignored by the sheet, so it must not end the day that is corrected."""
    log = [*DAY, *punches(stray, first=3)]
    assert sheet(derive(log)) == ["14 09:00 - 14 18:00"]
    assert sheet_after(log, plan(log, wish, NOW)) == ["14 09:00 - 14 19:00"]


def test_a_mark_that_never_counted_does_not_end_a_stated_day() -> None:
    """A lone check-out of case 3 is no session: the forgotten day is planned as if it were not there."""
    log = punches("out 2026-07-14 12:00")
    made = plan(log, Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 18:00")), NOW)
    assert sheet_after(log, made) == ["14 09:00 - 14 18:00"]


def test_a_break_longer_than_the_day_is_refused() -> None:
    """“From 9 to 10 with a two hours' break” cannot be, and gets a sentence."""
    for hours in (1, 2):
        with pytest.raises(Misfit):
            plan([], Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 10:00"), timedelta(hours=hours)), NOW)


@pytest.mark.parametrize("end", ["2026-07-14 08:50", "2026-07-14 09:00"])
def test_case_38_an_end_before_the_start_is_refused(end: str) -> None:
    """A session from 09:00 cannot have ended at 08:50, nor at its very start."""
    with pytest.raises(Refusal) as refused:
        plan(DAY, Wish("check_out", at(end)), NOW)
    assert isinstance(refused.value, Misfit)


def test_case_38_a_whole_day_that_ends_before_it_begins_is_refused() -> None:
    """18 to 9 of one date, and a stretch of no length, are refused."""
    for start, end in (("18:00", "09:00"), ("09:00", "09:00")):
        with pytest.raises(Misfit):
            plan([], Wish("worked", at(f"2026-07-14 {start}"), at(f"2026-07-14 {end}")), NOW)


def test_case_39_a_night_shift_ends_on_the_next_local_day() -> None:
    """22:00 and «ушёл в 6» at 07:00: one session over midnight, both dates shown."""
    log = punches("in 2026-07-14 22:00")
    made = plan(log, Wish("check_out", at("2026-07-15 06:00")), "2026-07-15 07:00")
    assert sheet(made.after) == sheet_after(log, made) == ["14 22:00 - 15 06:00"]
    assert made.days == (date(2026, 7, 14),)


@pytest.mark.parametrize("kind", ["check_in", "check_out", "break_start", "break_end"])
def test_case_40_the_future_is_refused(kind: str) -> None:
    """At 10:00 nobody came at 11:00."""
    log = punches("in 2026-07-15 08:00")
    with pytest.raises(Misfit) as refused:
        plan(log, Wish(kind, at("2026-07-15 11:00")), "2026-07-15 10:00")
    assert refused.value.code == "still_to_come"


def test_case_40_a_stretch_that_ends_in_the_future_is_refused() -> None:
    """Neither of its ends may lie ahead."""
    with pytest.raises(Misfit):
        plan([], Wish("worked", at("2026-07-15 09:00"), at("2026-07-15 18:00")), "2026-07-15 10:00")


def test_case_40_now_itself_is_not_the_future() -> None:
    """The present instant can be corrected."""
    log = punches("in 2026-07-15 08:00")
    made = plan(log, Wish("check_out", at("2026-07-15 10:00")), "2026-07-15 10:00")
    assert sheet_after(log, made) == ["15 08:00 - 15 10:00"]


def test_case_56_a_corrected_session_keeps_the_zone_it_was_begun_in() -> None:
    """A start in Moscow, moved by ten minutes after the move to Vladivostok, stays on its day and in its zone."""
    log = punches("in 2026-07-13 23:30", "out 2026-07-14 07:00")
    made = plan(log, Wish("check_in", at("2026-07-13 23:20")), NOW, "Asia/Vladivostok")
    (session,) = derive(applied(log, made, at(NOW)))
    assert (session.zone, session.work_date) == (MOSCOW, date(2026, 7, 13))


def test_case_58_the_zone_of_a_correction_is_the_employee_s() -> None:
    """00:30 in Yekaterinburg belongs to that day there, whoever typed it wherever."""
    zone = "Asia/Yekaterinburg"
    wish = Wish("worked", at("2026-07-14 00:30", zone), at("2026-07-14 08:00", zone))
    made = Planner([], zone, at(NOW)).plan(wish)
    assert made.zone == zone
    assert made.days == (date(2026, 7, 14),)
    assert at("2026-07-14 00:30", zone).date() == date(2026, 7, 13)


def test_a_forgotten_check_out_closes_the_open_session() -> None:
    """«Забыл отметиться, вчера ушёл в 18:30»: the mark appears, so there is no length to compare with the limit."""
    log = punches("in 2026-07-14 09:00")
    made = plan(log, Wish("check_out", at("2026-07-14 18:30")), NOW)
    assert made.subject is Subject.CHECK_OUT
    assert (sheet(made.before), sheet(made.after)) == (["14 09:00 - …"], ["14 09:00 - 14 18:30"])
    assert made.shift is None
    assert made.voids == ()


def test_a_check_in_moves_earlier_and_later() -> None:
    """Both directions move the one mark."""
    for start in ("08:00", "10:00"):
        made = plan(DAY, Wish("check_in", at(f"2026-07-14 {start}")), NOW)
        assert sheet_after(DAY, made) == [f"14 {start} - 14 18:00"]


def test_a_break_is_added_inside() -> None:
    """“Lunch from 13:00 to 13:40” of a recorded day."""
    made = plan(DAY, Wish("break_start", at("2026-07-14 13:00"), break_for=timedelta(minutes=40)), NOW)
    assert made.subject is Subject.BREAK
    assert sheet_after(DAY, made) == ["14 09:00 - 14 18:00 (13:00-13:40)"]


def test_a_break_s_end_is_moved() -> None:
    """The last break before that time ends there."""
    log = punches("in 2026-07-14 09:00", "break 2026-07-14 12:00", "back 2026-07-14 13:00", "out 2026-07-14 18:00")
    made = plan(log, Wish("break_end", at("2026-07-14 12:40")), NOW)
    assert sheet_after(log, made) == ["14 09:00 - 14 18:00 (12:00-12:40)"]
    assert made.shift == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("when", "minutes"),
    [("2026-07-14 08:00", 30), ("2026-07-14 17:50", 30), ("2026-07-14 19:00", 10), ("2026-07-13 12:00", 30)],
)
def test_case_37_a_break_outside_its_session_is_refused(when: str, minutes: int) -> None:
    """Before it, over its end, after it, on a day without any."""
    with pytest.raises(Refusal):
        plan(DAY, Wish("break_start", at(when), break_for=timedelta(minutes=minutes)), NOW)


def test_a_day_is_removed_by_voids_alone() -> None:
    """“I did not work on Tuesday”: the log grows, the sheet is empty."""
    made = plan(DAY, Wish("remove", day=date(2026, 7, 14)), NOW)
    assert made.subject is Subject.REMOVAL
    assert (set(made.voids), made.adds, made.after) == ({1, 2}, (), ())
    assert sheet_after(DAY, made) == []


def test_removing_a_day_leaves_the_next_alone() -> None:
    """A session that begins where the removed one ended is another one."""
    log = punches("in 2026-07-14 18:00", "out 2026-07-15 00:00", "in 2026-07-15 00:00", "out 2026-07-15 06:00")
    made = plan(log, Wish("remove", day=date(2026, 7, 14)), NOW)
    assert sheet_after(log, made) == ["15 00:00 - 15 06:00"]


def test_a_removed_check_out_opens_the_last_session_again() -> None:
    """The person had not left."""
    made = plan(DAY, Wish("remove", day=date(2026, 7, 14), target="check_out"), NOW)
    assert sheet_after(DAY, made) == ["14 09:00 - …"]


def test_a_day_stated_as_it_is_recorded_already_is_refused() -> None:
    """“Yesterday from 9 to 18” of a day that says so: nothing to confirm, nothing to decide."""
    with pytest.raises(Misfit):
        plan(DAY, Wish("worked", at("2026-07-14 09:00"), at("2026-07-14 18:00")), NOW)


@pytest.mark.parametrize(
    "wish",
    [
        Wish("check_out", at("2026-07-14 18:00")),
        Wish("check_in", at("2026-07-14 09:00")),
        Wish("remove", day=date(2026, 7, 13)),
        Wish("check_out", at("2026-07-12 18:00")),
        Wish("check_in"),
        Wish("worked", at("2026-07-14 09:00")),
        Wish("check_out", at("2026-01-14 18:00")),
        Wish("worked", at("2026-07-13 01:00"), at("2026-07-13 23:00")),
        Wish("status", at("2026-07-14 18:00")),
    ],
)
def test_what_changes_nothing_or_cannot_be_is_refused(wish: Wish) -> None:
    """As it is already, nothing there, no time, too long ago, over 16 hours, no correction at all."""
    with pytest.raises(Misfit) as refused:
        plan(DAY, wish, NOW)
    assert refused.value.phrase.message


def test_case_54_a_correction_after_the_change_is_measured_in_elapsed_time() -> None:
    """Berlin, 29 March: the end moves from 01:59 to 03:00 local, which is one minute."""
    log = punches("in 2026-03-28 18:00", "out 2026-03-29 01:59", zone="Europe/Berlin")
    made = plan(log, Wish("check_out", at("2026-03-29 03:00", "Europe/Berlin")), "2026-03-29 12:00", "Europe/Berlin")
    assert made.shift == timedelta(minutes=1)


def test_a_voided_punch_takes_no_part() -> None:
    """A check-out that was taken back is neither moved nor voided again."""
    log = [*DAY, void(3, DAY[1]), *punches("out 2026-07-14 17:00", first=4)]
    made = plan(log, Wish("check_out", at("2026-07-14 17:30")), NOW)
    assert made.voids == (4,)
    assert [punch.id for punch in live(log)] == [1, 4]


def test_a_plan_survives_its_stored_form() -> None:
    """What the lead approves is what was shown, through JSON."""
    log = punches("in 2026-07-14 09:00", "break 2026-07-14 12:00", "back 2026-07-14 13:00")
    made = plan(log, Wish("check_in", at("2026-07-14 08:40")), NOW)
    assert read_matter(*write_matter(CorrectionMatter(made))) == CorrectionMatter(made)

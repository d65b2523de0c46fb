"""What holds for every punch log, not only for those that somebody thought of."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.audit import sessions_of
from bot.domain.workday.punch_log import DayState, Punch, PunchKind, derive, live, state_at
from bot.domain.workday.timesheet import day_total, week_of
from tests.properties.strategies import PATIENT, ZONES, instant, logs, spans

END = instant(10_000)
# Each zone's nights of change in 2026, in UTC, and one plain night; Lord Howe moves by half an hour, Moscow never.
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 7, 15, 12, tzinfo=UTC),
)


@PATIENT
@given(logs(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(log: list[Punch], random: object) -> None:
    """A log told in another order, and in part twice, means the same sessions (cases 13 to 16)."""
    told = [*log, *random.choices(log, k=len(log))] if log else []  # type: ignore[attr-defined]
    random.shuffle(told)  # type: ignore[attr-defined]
    assert derive(told) == derive(log)


@PATIENT
@given(logs())
def test_sessions_follow_one_another(log: list[Punch]) -> None:
    """They never overlap, each has a length, and only the last may be open."""
    sessions = derive(log)
    assert all(each.ended_at is not None and each.ended_at > each.started_at for each in sessions[:-1])
    assert all(one.ended_at is not None and one.ended_at <= two.started_at for one, two in pairwise(sessions))
    assert sum(each.is_open for each in sessions) <= 1


@PATIENT
@given(logs())
def test_breaks_lie_inside_and_apart(log: list[Punch]) -> None:
    """A break lies in its session, has a length, does not overlap the next, and only the last may run."""
    for session in derive(log):
        end = session.ended_at or END
        ends = [each.ended_at or end for each in session.breaks]
        assert all(
            session.started_at <= each.started_at and stop <= end
            for each, stop in zip(session.breaks, ends, strict=True)
        )
        assert all(each.started_at < stop for each, stop in zip(session.breaks, ends, strict=True))
        assert all(stop <= after.started_at for stop, after in zip(ends, session.breaks[1:], strict=False))
        assert all(each.ended_at is not None for each in session.breaks[:-1])
        assert session.is_open or session.running_break is None


@PATIENT
@given(logs())
def test_worked_and_breaks_are_the_span(log: list[Punch]) -> None:
    """To the second, and neither is negative."""
    for session in derive(log):
        worked, on_break = session.worked(END), session.on_break(END)
        assert worked + on_break == (session.ended_at or END) - session.started_at
        assert worked >= timedelta()
        assert on_break >= timedelta()


@PATIENT
@given(logs(), st.data())
def test_a_void_is_the_log_without_that_punch(log: list[Punch], data: st.DataObject) -> None:
    """Exactly: nothing of it is left, and nothing else is touched."""
    valid = live(log)
    if not valid:
        return
    gone = data.draw(st.sampled_from(valid))
    void = Punch(900, PunchKind.VOID, gone.at, END, gone.zone, target=gone.id)
    without = [punch for punch in log if punch.id != gone.id]
    assert derive([*log, void]) == derive(without)
    assert state_at([*log, void], instant(1800)) == state_at(without, instant(1800))


@PATIENT
@given(logs(distinct=True), st.integers(0, 3600))
def test_the_state_is_that_of_the_last_legal_punch(log: list[Punch], minute: int) -> None:
    """An independent walk through the table of transitions says the same at any instant."""
    follows = {
        ("off", "in"): "work", ("work", "break"): "break", ("work", "out"): "off",
        ("break", "back"): "work", ("break", "in"): "work", ("break", "out"): "off",
    }  # fmt: skip
    voided = {punch.target for punch in log if punch.kind == "void"}
    state = "off"
    for punch in sorted(log, key=lambda punch: punch.at):
        if punch.kind != "void" and punch.id not in voided and punch.at <= instant(minute):
            state = follows.get((state, punch.kind.value), state)
    found, session = state_at(log, instant(minute))
    assert found.value == state
    assert (session is None) == (found is DayState.OFF)


@PATIENT
@given(logs(), st.integers(0, 3600))
def test_totals_as_of_a_moment_count_up_to_that_moment(log: list[Punch], minute: int) -> None:
    """Of a session that runs, nothing later than `until` is counted, and no total is negative."""
    for session in derive(log):
        until = max(instant(minute), session.started_at)
        if session.is_open:
            paused = sum(
                (max(min(each.ended_at or until, until) - each.started_at, timedelta()) for each in session.breaks),
                timedelta(),
            )
            assert session.on_break(until) == paused
            assert session.worked(until) == until - session.started_at - paused


@PATIENT
@given(logs(), st.dates(date(2026, 7, 1), date(2026, 7, 31)))
def test_every_session_counts_in_exactly_one_day_and_week(log: list[Punch], day: date) -> None:
    """Days add up to weeks and weeks to everything: nothing is lost at midnight or on Sunday (case 61)."""
    sessions = derive(log)
    everything = sum((each.worked(END) for each in sessions), timedelta())
    weeks = {week_of(each.work_date) for each in sessions}
    totals = [day_total(sessions, monday + timedelta(days=number), END) for monday, _ in weeks for number in range(7)]
    assert sum((total.worked for total in totals), timedelta()) == everything
    assert Counter(each for total in totals for each in total.sessions) == Counter(sessions)
    monday, sunday = week_of(day)
    assert (monday.weekday(), sunday - monday) == (0, timedelta(days=6))
    assert monday <= day <= sunday


@PATIENT
@given(
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES),
    st.lists(st.integers(-43_200, 43_200), min_size=4, max_size=4, unique=True).map(sorted),
)
def test_elapsed_time_is_subtracted_in_utc(zone: str, change: datetime, seconds: list[int]) -> None:
    """Written with the local offset on both sides of a change of clocks, a day lasts as long as it lasted."""
    kinds = ("in", "break", "back", "out")
    local = [(change + timedelta(seconds=each)).astimezone(ZoneInfo(zone)).isoformat() for each in seconds]
    lines = [f'{{"kind": "{kind}", "at": "{when}", "id": "{kind}"}}' for kind, when in zip(kinds, local, strict=True)]
    (session,) = sessions_of(lines, ZoneInfo(zone))
    start, pause, back, end = seconds
    assert (session["worked_seconds"], session["break_seconds"]) == (end - start - (back - pause), back - pause)
    assert [session["start"], *session["breaks"][0], session["end"]] == local
    assert session["work_date"] == local[0][:10]


@PATIENT
@given(st.lists(st.integers(0, 40_000_000), min_size=4, max_size=4, unique=True).map(sorted))
@example([0, 300_000, 5_900_000, 10_300_000])
def test_hours_add_up_to_the_second(milliseconds: list[int]) -> None:
    """What `hours` prints as worked and as break is the span in whole seconds, however exact the source is."""
    kinds = ("in", "break", "back", "out")
    told = [(instant(0) + timedelta(milliseconds=each)).isoformat() for each in milliseconds]
    lines = [f'{{"kind": "{kind}", "at": "{when}", "id": "{kind}"}}' for kind, when in zip(kinds, told, strict=True)]
    for session in sessions_of(lines, ZoneInfo("UTC")):
        start, end = (datetime.fromisoformat(session[name]).replace(microsecond=0) for name in ("start", "end"))
        assert session["worked_seconds"] + session["break_seconds"] == (end - start).total_seconds()


@PATIENT
@given(logs())
def test_hours_print_what_pay_rests_on(log: list[Punch]) -> None:
    """The auditor's way gives the same sessions as the log itself."""
    zone = ZoneInfo("Europe/Moscow")
    lines = [f'{{"kind": "{each.kind}", "at": "{each.at.isoformat()}", "id": "{each.id}"}}' for each in live(log)]
    printed = list(sessions_of(lines, zone))
    shown = [
        (
            datetime.fromisoformat(each["start"]),
            datetime.fromisoformat(each["end"]) if each["end"] else None,
            tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(stop) if stop else None)
                for start, stop in each["breaks"]
            ),
        )
        for each in printed
    ]
    assert shown == [(span.start, span.end, span.breaks) for span in spans(derive(log))]

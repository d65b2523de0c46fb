"""The auditor's way to hours: punches as JSON lines in, sessions out, by the contract of `hours`."""

import json
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.audit import BadPunch, sessions_of

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")


def line(kind: str, when: str, key: object) -> str:
    """Return one punch as the contract has it."""
    return json.dumps({"kind": kind, "at": when, "id": key})


def hours(*lines: str, zone: ZoneInfo = MOSCOW) -> list[dict[str, Any]]:
    """Return what `hours` prints for the lines."""
    return list(sessions_of(lines, zone))


DAY = (
    line("in", "2026-07-15T09:00:00+03:00", "a"),
    line("break", "2026-07-15T10:00:00Z", "b"),
    line("back", "2026-07-15T13:40:00+03:00", "c"),
    line("out", "2026-07-15T18:00:00+03:00", "d"),
)
PRINTED = {
    "work_date": "2026-07-15",
    "start": "2026-07-15T09:00:00+03:00",
    "end": "2026-07-15T18:00:00+03:00",
    "worked_seconds": 8 * 3600 + 20 * 60,
    "break_seconds": 40 * 60,
    "breaks": [["2026-07-15T13:00:00+03:00", "2026-07-15T13:40:00+03:00"]],
}


def test_a_day_is_printed_with_exactly_the_fields_of_the_contract() -> None:
    """Instants carry the zone's offset, lengths are whole seconds."""
    assert hours(*DAY) == [PRINTED]
    assert json.loads(json.dumps(hours(*DAY))) == [PRINTED]


def test_case_16_order_of_lines_does_not_matter() -> None:
    """All 24 orders print the same."""
    assert all(hours(*order) == [PRINTED] for order in permutations(DAY))


def test_case_13_a_repeated_line_counts_once() -> None:
    """Duplicates by id are allowed."""
    assert hours(*DAY, *DAY, DAY[0]) == [PRINTED]


def test_case_13_a_repeated_line_is_no_second_punch() -> None:
    """Also where a second check-out at that instant would end the session that touches the first."""
    hour = {kind: f"2026-07-15T{hour}:00:00+03:00" for kind, hour in (("a", "09"), ("b", "13"), ("c", "17"))}
    told = [line("in", hour["a"], 1), line("out", hour["b"], 2), line("in", hour["b"], 3), line("out", hour["c"], 4)]
    assert [each["worked_seconds"] for each in hours(*told, told[1])] == [4 * 3600, 4 * 3600]


def test_one_id_with_another_content_is_refused_in_any_order() -> None:
    """Which of the two is meant nobody knows, and the order of the lines may not decide it."""
    told = [*DAY, line("out", "2026-07-15T19:00:00+03:00", "d")]
    for order in permutations(told):
        with pytest.raises(BadPunch, match="its id was given before with another kind or time"):
            hours(*order)
    assert hours(*DAY, line("out", "2026-07-15T15:00:00Z", "d")) == [PRINTED]


def test_parts_of_a_second_decide_the_order() -> None:
    """In at .2, out at .9 of one second and in again: the order is that of the instants, and only then they are cut."""
    told = (
        line("in", "2026-07-15T09:00:00Z", 1),
        line("out", "2026-07-15T12:00:00.200Z", 2),
        line("in", "2026-07-15T12:00:00.900Z", 3),
        line("break", "2026-07-15T13:00:00.900Z", 4),
        line("back", "2026-07-15T13:00:00.100Z", 5),
        line("out", "2026-07-15T18:00:00.500Z", 6),
    )
    for order in permutations(told):
        first, second = hours(*order)
        assert (first["worked_seconds"], second["worked_seconds"], second["break_seconds"]) == (10800, 3600, 18000)


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    """Editors and exports put it before a file; elsewhere it is no JSON."""
    assert hours("\ufeff" + DAY[0], *DAY[1:]) == [PRINTED]
    assert hours("\ufeff", *DAY) == [PRINTED]
    with pytest.raises(BadPunch, match="line 2 is not JSON"):
        hours(DAY[0], "\ufeff" + DAY[1])


def test_empty_lines_and_no_lines_are_no_punches() -> None:
    """An empty file has no hours and is no mistake."""
    assert hours() == hours("", "  \n") == []
    assert hours("\n", *DAY, "") == [PRINTED]


def test_an_open_session_has_no_end_and_counts_to_its_last_punch() -> None:
    """Nothing is known after the return from the break."""
    (session,) = hours(*DAY[:3])
    assert session["end"] is None
    assert (session["worked_seconds"], session["break_seconds"]) == (4 * 3600, 40 * 60)


def test_an_open_break_has_no_end() -> None:
    """It is printed with a null and no length yet."""
    (session,) = hours(*DAY[:2])
    assert session["breaks"] == [["2026-07-15T13:00:00+03:00", None]]
    assert (session["worked_seconds"], session["break_seconds"]) == (4 * 3600, 0)


def test_case_43_in_and_out_at_once_is_no_session() -> None:
    """Zero length is not counted."""
    assert hours(line("in", "2026-07-15T09:00:00Z", 1), line("out", "2026-07-15T09:00:00Z", 2)) == []


def test_case_43_in_and_out_within_one_second_is_no_session() -> None:
    """The same second is zero length, whatever fraction of it a source writes."""
    assert hours(line("in", "2026-07-15T09:00:00.100Z", 1), line("out", "2026-07-15T09:00:00.900Z", 2)) == []


def test_case_45_the_work_date_is_that_of_the_start_in_the_zone() -> None:
    """A night shift belongs to Monday."""
    (session,) = hours(line("in", "2026-07-13T17:00:00Z", 1), line("out", "2026-07-14T05:10:00Z", 2))
    assert (session["work_date"], session["worked_seconds"]) == ("2026-07-13", 12 * 3600 + 600)


def test_case_52_local_times_across_the_change_are_subtracted_in_utc() -> None:
    """22:00-06:00 in Berlin, 28-29 March 2026, given as wall-clock time: seven hours."""
    (session,) = hours(line("in", "2026-03-28T22:00:00", 1), line("out", "2026-03-29T06:00:00", 2), zone=BERLIN)
    assert session["worked_seconds"] == 7 * 3600
    assert (session["start"], session["end"]) == ("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00")


@pytest.mark.parametrize("when", ["2026-03-29T02:30:00", "2026-10-25T02:30:00"])
def test_case_54_and_55_a_wall_clock_time_without_one_meaning_is_refused(when: str) -> None:
    """02:30 does not exist on 29 March and happens twice on 25 October: it is never moved or chosen silently."""
    with pytest.raises(BadPunch, match="line 1"):
        hours(line("in", when, 1), zone=BERLIN)


def test_case_55_with_an_offset_both_meanings_are_clear() -> None:
    """02:30+02:00 and 02:30+01:00 are an hour apart."""
    (session,) = hours(
        line("in", "2026-10-25T02:30:00+02:00", 1), line("out", "2026-10-25T02:30:00+01:00", 2), zone=BERLIN
    )
    assert session["worked_seconds"] == 3600


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        "3",
        "null",
        '"in"',
        "{}",
        "{",
        "[" * 100_000,
        line("start", "2026-07-15T09:00:00Z", 1),
        line("void", "2026-07-15T09:00:00Z", 1),
        line("in", "yesterday", 1),
        line("in", "", 1),
        line("in", "2026-02-30T09:00:00Z", 1),
        line("in", "0001-01-01T00:00:00+03:00", 1),
        line("in", "9999-12-31T23:59:59-03:00", 1),
        line("in", "2026-07-15T09:00:00Z", ""),
        line("in", "2026-07-15T09:00:00Z", None),
        '{"kind": "in", "at": "2026-07-15T09:00:00Z"}',
        '{"kind": "in", "id": 1}',
        '{"at": "2026-07-15T09:00:00Z", "id": 1}',
        '{"kind": ["in"], "at": "2026-07-15T09:00:00Z", "id": 1}',
        '{"kind": "in", "at": {"x": 1}, "id": 1}',
    ],
    ids=lambda bad: bad[:60],
)
def test_a_bad_line_is_one_sentence_with_its_number(bad: str) -> None:
    """Whatever is wrong with a line, the error names the line and is no traceback."""
    with pytest.raises(BadPunch, match="line 5") as refused:
        hours(*DAY, bad)
    assert "\n" not in str(refused.value)

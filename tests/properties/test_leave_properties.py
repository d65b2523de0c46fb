"""A part of a planned day is as long as was said, and two absences never both hold what only one can."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import hours_away
from bot.domain.leave.said import LeaveSaid, Open, read
from bot.domain.leave.wish import LeaveWish, clashes, left_of
from bot.domain.planning.schedule import Hours, PlannedBreak, Shift

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = date(2026, 7, 17)
NOW = datetime(2026, 7, 13, 9, tzinfo=MOSCOW)
kinds = st.sampled_from(AbsenceKind)
days = st.integers(1, 28).map(lambda day: date(2026, 7, day))


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    """A shift of a day with a break of up to an hour somewhere in it."""
    start = draw(st.integers(6, 10))
    end = draw(st.integers(start + 6, 22))
    pause = PlannedBreak(
        timedelta(minutes=draw(st.integers(0, 4)) * 15),
        time(draw(st.integers(start + 2, end - 3))),
        draw(st.booleans()),
    )
    return Shift.of(DAY, Hours(time(start), time(end)), MOSCOW.key, pause)


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    """Days or hours of July."""
    first, other = sorted((draw(days), draw(days)))
    if draw(st.booleans()):
        return Absence(1, 1, 1, draw(kinds), first, other)
    start = datetime.combine(first, time(draw(st.integers(8, 15))), MOSCOW)
    end = start + timedelta(hours=draw(st.integers(1, 5)))
    return Absence(1, 1, 1, draw(kinds), first, first, start, end)


def wish_of(absence: Absence) -> LeaveWish:
    """The wish for the same."""
    return LeaveWish(absence.kind, absence.first, absence.last, absence.start, absence.end)


@given(shifts(), st.integers(1, 12))
def test_an_amount_takes_so_much_planned_work(shift: Shift, halves: int) -> None:
    """What is offered for four hours takes four hours of the plan, within the shift."""
    amount = halves * timedelta(minutes=30)
    said = LeaveSaid(AbsenceKind.DAY_OFF, DAY, DAY, amount=amount)
    found = read(said, [shift], NOW, MOSCOW.key)
    if amount >= shift.norm:
        assert LeaveWish(AbsenceKind.DAY_OFF, DAY, DAY) == found
        return
    assert isinstance(found, Open)
    for _, wish in found.choices:
        assert wish.start is not None
        assert wish.end is not None
        assert shift.starts_at <= wish.start < wish.end <= shift.ends_at
        away = Absence(1, 1, 1, wish.kind, wish.first, wish.last, wish.start, wish.end)
        taken = hours_away([away], shift)
        begins_in_break = taken != amount
        assert not begins_in_break


@given(absences(), absences())
def test_what_does_not_meet_does_not_clash(one: Absence, other: Absence) -> None:
    """Absences on other days never clash; of days, only an illness may come over what is there."""
    meets = one.first <= other.last and other.first <= one.last
    if not meets:
        assert not clashes(wish_of(one), other)
    elif one.start is None and other.start is None:
        is_illness = one.kind is AbsenceKind.SICK and other.kind is not AbsenceKind.SICK
        assert clashes(wish_of(one), other) is not is_illness


@given(absences(), st.lists(absences(), max_size=4))
def test_what_is_left_lies_within_what_was_asked(asked: Absence, known: list[Absence]) -> None:
    """What is left to ask for is never more, and what it lacks is approved already."""
    wish = wish_of(asked)
    left = left_of(wish, known)
    assert wish.first <= left.first <= left.last <= wish.last
    for step in range((wish.last - wish.first).days + 1):
        day = wish.first + timedelta(days=step)
        if not left.first <= day <= left.last:
            assert any(
                each.kind is wish.kind and each.start is None and each.first <= day <= each.last for each in known
            )

"""Stretches of employment: what a portal's directory changes in them, day by day."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.people.staff import ALWAYS, Employment, carried_on, employment_on, ended

TODAY = date(2026, 6, 16)
YESTERDAY = date(2026, 6, 15)
SALES, STOCK = 3, 4


def stretch(number: int, since: date = ALWAYS, until: date | None = None, place: int | None = SALES) -> Employment:
    """A stretch of Anna's employment."""
    return Employment(number, 1, 7, since, until, place, "Manager", "0042")


def listed(place: int | None = SALES, title: str = "Manager", since: date = ALWAYS) -> Employment:
    """Anna as the portal describes her now."""
    return Employment(99, 1, 7, since, None, place, title)


def test_first_seen() -> None:
    """Whoever is seen for the first time has always been here, or since the day of hiring."""
    assert [listed()] == carried_on([], listed(), TODAY)
    hired = listed(since=date(2026, 6, 1))
    assert [hired] == carried_on([], hired, TODAY)


def test_nothing_new() -> None:
    """The same again changes nothing, and what the portal leaves out is no change either."""
    assert not carried_on([stretch(1)], listed(), TODAY)
    assert not carried_on([stretch(1)], listed(None, ""), TODAY)


def test_move() -> None:
    """A move ends one stretch yesterday and begins the next today with the same personnel number (case 73)."""
    before = stretch(1)
    old, new = carried_on([before], listed(STOCK), TODAY)
    assert replace(before, until=YESTERDAY) == old
    assert Employment(99, 1, 7, TODAY, None, STOCK, "Manager", "0042") == new
    assert (SALES, STOCK) == tuple(
        each.department_id for day in (YESTERDAY, TODAY) if (each := employment_on([old, new], day))
    )


def test_new_post() -> None:
    """Another post in the same department is a move as well."""
    old, new = carried_on([stretch(1)], listed(title="Director"), TODAY)
    assert (YESTERDAY, "Manager", TODAY, "Director") == (old.until, old.title, new.since, new.title)


def test_two_moves_on_a_day() -> None:
    """The second move of a day is put into the stretch that began today: no stretch is without a day."""
    moved = stretch(2, TODAY, place=STOCK)
    assert [replace(moved, department_id=SALES)] == carried_on([stretch(1, until=YESTERDAY), moved], listed(), TODAY)


def test_what_is_only_learned_now() -> None:
    """A department or a day of hiring that nobody had told us is no move."""
    unknown = Employment(1, 1, 7)
    assert [replace(unknown, department_id=SALES, title="Manager")] == carried_on([unknown], listed(), TODAY)
    hired = date(2026, 6, 1)
    assert [replace(stretch(1), since=hired)] == carried_on([stretch(1)], listed(since=hired), TODAY)


def test_day_of_hiring_by_hand() -> None:
    """A day of hiring that is known already stays: an administrator may have set it."""
    assert not carried_on([stretch(1, date(2026, 6, 2))], listed(since=date(2026, 6, 1)), TODAY)


def test_dismissed_and_back() -> None:
    """A dismissal ends the stretch today; whoever comes back begins a new one, on the same day the old one goes on."""
    before = stretch(1)
    (gone,) = ended([before], TODAY)
    assert replace(before, until=TODAY) == gone
    assert not ended([gone], TODAY + timedelta(days=1))
    assert [before] == carried_on([gone], listed(), TODAY)
    later = TODAY + timedelta(days=30)
    (again,) = carried_on([gone], listed(), later)
    assert (99, later, None, "0042") == (again.id, again.since, again.until, again.number)
    rehired = TODAY + timedelta(days=20)
    assert rehired == carried_on([gone], listed(since=rehired), later)[0].since

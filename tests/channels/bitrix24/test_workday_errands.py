"""The portal's working day made to follow ours, on the emulated portal: looked at first, compared, and done once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.bitrix24.workdays import read_day
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.workday.portal_day import OwnDay, PortalDay, Standing
from bot.domain.workday.punch_log import DayState
from tests.channels.bitrix24.test_errands_on_portals import Keys, Place, place
from tests.sandbox.worlds import NOW

__all__ = ["place"]
SOFIA = 3
BERLIN = "Europe/Berlin"
HOUR = timedelta(hours=1)
OFF, WORK, BREAK = DayState.OFF, DayState.WORK, DayState.BREAK


def wanted(place: Place, state: DayState, was: DayState, **more: Any) -> Errand:
    """Return an errand for Sofia's day."""
    fields = {"start": NOW, "since": place.ground.world.clock.now(), "stretches": 1, **more}
    own = OwnDay(state, BERLIN, was=was, **fields)
    form = {"employee_id": 30, "account": str(SOFIA), "own": own.to_form(), "report": "Marked in Smena"}
    return replace(place.errand(ErrandKind.WORKDAY), form=form)


def there(place: Place) -> PortalDay:
    """Return Sofia's day as it is on the portal."""
    timeman = place.portal.timeman
    found = read_day(timeman.form(timeman.last(place.portal.accounts[SOFIA])))
    assert found is not None
    return found


def later(place: Place, length: timedelta) -> datetime:
    """Let time pass."""
    clock = place.ground.world.clock
    place.ground.world.move_clock(clock.now() + length)
    return clock.now()


async def test_a_day_from_beginning_to_end(place: Place) -> None:
    """Each step is done once, also where its answer is lost, and what it came to is given back."""
    done = await place.lost(wanted(place, WORK, OFF))
    assert ("OPENED", []) == (done["day"]["standing"], done["unsaid"])
    assert "looked" not in done  # nobody can tell any more who did what was found
    later(place, HOUR)
    await place.lost(wanted(place, BREAK, WORK))
    later(place, HOUR)
    await place.lost(wanted(place, WORK, BREAK))
    end = later(place, HOUR)
    done = await place.run(wanted(place, OFF, WORK, end=end))
    assert "OPENED" == done["looked"]["standing"]
    day = there(place)
    assert (Standing.CLOSED, NOW, end, HOUR) == (day.standing, day.start, day.finish, day.leaks)
    assert 1 == len(place.portal.timeman.days_of(SOFIA))


async def test_times_that_have_passed(place: Place) -> None:
    """What was marked while the portal was away has its own time there, and the reason that the portal asks for."""
    now = later(place, 2 * HOUR)
    await place.run(wanted(place, BREAK, OFF, start=NOW, since=now))
    day = there(place)
    assert (Standing.PAUSED, NOW, False) == (day.standing, day.start, day.is_approved)
    later(place, HOUR)
    await place.run(wanted(place, OFF, BREAK, start=NOW, end=NOW + 2 * HOUR, since=NOW + 2 * HOUR))
    assert (Standing.CLOSED, NOW + 2 * HOUR) == (there(place).standing, there(place).finish)


async def test_an_end_is_moved_today(place: Place) -> None:
    """A correction of today's end is written there; one of its start is not, and is said."""
    await place.run(wanted(place, WORK, OFF))
    end = later(place, 3 * HOUR)
    await place.run(wanted(place, OFF, WORK, end=end))
    done = await place.run(wanted(place, OFF, OFF, end=end - HOUR, start=NOW - HOUR))
    assert (end - HOUR, ["start"]) == (there(place).finish, done["unsaid"])


async def test_what_was_pressed_there_is_not_undone(place: Place) -> None:
    """A break there that we do not know of yet stays a break, and is told with what was found."""
    await place.run(wanted(place, WORK, OFF))
    place.portal.timeman.pause(place.portal.accounts[SOFIA])
    done = await place.run(wanted(place, WORK, WORK))
    assert ("PAUSED", Standing.PAUSED) == (done["looked"]["standing"], there(place).standing)


async def test_an_expired_day(place: Place) -> None:
    """It is closed with the end that we know, by its own date, and only then is today's opened (case 78)."""
    await place.run(wanted(place, WORK, OFF))
    now = later(place, 24 * HOUR)
    place.desk._credentials = Keys(place.ground)
    done = await place.run(wanted(place, WORK, OFF, start=now, since=now))
    assert (["expired"], Standing.EXPIRED) == (done["unsaid"], there(place).standing)
    earlier = ((NOW, NOW + 5 * HOUR),)
    await place.run(wanted(place, WORK, OFF, start=now, since=now, earlier=earlier))
    first, second = place.portal.timeman.days_of(SOFIA)
    assert ((NOW + 5 * HOUR).timestamp(), now.timestamp()) == (first.end, second.start)


async def test_a_token_that_expired(place: Place) -> None:
    """It is renewed, and the day is opened all the same."""
    place.ground.world.faults.order("bitrix24", "expired_token", count=1)
    await place.run(wanted(place, WORK, OFF))
    assert Standing.OPENED is there(place).standing


async def test_who_is_not_known_there(place: Place) -> None:
    """An account that the portal does not have is refused as what it is not ours to see."""
    errand = wanted(place, WORK, OFF)
    stranger = replace(errand, form={**errand.form, "account": "99"})
    assert ("no_right", ErrandState.FAILED) == await place.refused(stranger)


async def test_without_the_right_to_others(place: Place) -> None:
    """Whoever may not manage other people's days changes nothing, and the reason says what to mend."""
    place.desk._credentials = Keys(place.ground, 2)
    assert ("no_right", ErrandState.FAILED) == await place.refused(wanted(place, WORK, OFF))
    assert PortalDay(Standing.CLOSED) == there(place)

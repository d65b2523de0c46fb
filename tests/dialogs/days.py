"""Days of people, told shortly: the portal's plan, and what somebody did on a date."""

from datetime import date, time, timedelta

from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.ids import new_id
from tests.people import Company, Person

NINE_TO_SIX = Schedule(
    ScheduleKind.FIXED,
    (*[Hours(time(9), time(18))] * 5, None, None),
    pause=PlannedBreak(timedelta(hours=1), time(13)),
)


async def everybody_works(company: Company, schedule: Schedule = NINE_TO_SIX) -> None:
    """Give the whole portal a schedule, valid since long ago."""
    async with company.storage.unit_of_work() as uow:
        uow.schedules.put(Assignment(new_id(), company.portal.id, Scope.PORTAL, 0, date(2020, 1, 1), schedule))
        await uow.commit()


async def works(company: Company, person: Person, day: str, *times: str) -> None:
    """Move to a day and let a person check in, take a break, come back and check out at those Moscow times."""
    said = ("/checkin", "/break", "/back", "/checkout") if len(times) == 4 else ("/checkin", "/checkout")
    for words, at in zip(said, times, strict=False):
        await company.move(f"{day}T{at}")
        await person.says(words)

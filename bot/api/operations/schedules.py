"""Schedules and shifts: what is planned for people, read and given."""

from datetime import date, timedelta

from bot.api.operation import Answer, Call, Operation, digest_of
from bot.api.operations.people import person_of, seen_person
from bot.api.problems import NOT_FOUND, own
from bot.api.schemas.base import in_reach, text_id
from bot.api.schemas.plans import (
    AssignmentForm,
    ScheduleChange,
    ScheduleOfPerson,
    Schedules,
    ShiftChange,
    ShiftForm,
    break_form,
    hours_form,
    schedule_form,
)
from bot.domain.errors import NotYourPeople
from bot.domain.people.api_key import Scope as KeyScope
from bot.domain.people.employee import Employee
from bot.domain.periods.period import PeriodClosed
from bot.domain.planning.fitting import BreakTooLong, HoursOverRate, fitted
from bot.domain.planning.schedule import Assignment, Scope
from bot.domain.rights import Right
from bot.ports import UnitOfWork
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.planning.schedules import Schedules as SchedulesService
from bot.services.planning.schedules import Target

_DAY = timedelta(days=1)
_PLANS = (NotYourPeople, PeriodClosed, BreakTooLong)

SCHEDULES = Operation("GET", "/schedules", KeyScope.PLANS_READ, answers=Schedules)


@SCHEDULES.run
async def list_schedules(call: Call, people: People, uow: UnitOfWork) -> Schedules:
    """List the schedules that were given: of the company, of departments, and of the people whose plan one sees."""
    seen = {each.id for each in await people.within(call.person, Right.SEE_SCHEDULES)}
    given = await uow.schedules.assignments(call.portal.id)
    items = [_assignment(each) for each in given if each.scope is not Scope.PERSON or each.target_id in seen]
    return Schedules(items=items, next=None)


SCHEDULE = Operation("GET", "/people/{person_id}/schedule", KeyScope.PLANS_READ, answers=ScheduleOfPerson)


@SCHEDULE.run
async def get_schedule(call: Call, people: People, rosters: Rosters, uow: UnitOfWork) -> Answer:
    """Show by what schedule a person works today, and which ones they were given themselves."""
    subject = await seen_person(call, people, Right.SEE_SCHEDULES)
    return await _schedule(call, subject, rosters, uow)


PUT_SCHEDULE = Operation(
    "PUT",
    "/people/{person_id}/schedule",
    KeyScope.PLANS_WRITE,
    answers=ScheduleOfPerson,
    body=ScheduleChange,
    wants_match=True,
    refuses=(*_PLANS, HoursOverRate),
)


@PUT_SCHEDULE.run
async def put_schedule(
    call: Call, body: ScheduleChange, people: People, schedules: SchedulesService, rosters: Rosters, uow: UnitOfWork
) -> Answer:
    """Give a person a schedule from a day on; nothing before it is rewritten, and they are told."""
    subject = await person_of(call, people)
    await schedules.check(call.person, Target(Scope.PERSON, subject.id))
    present = await _schedule(call, subject, rosters, uow)
    call.check_version(present.version or 0, lambda: present.form or present)  # type: ignore[arg-type,return-value]
    made = fitted(body.schedule())
    await schedules.give(call.person, call.portal, Target(Scope.PERSON, subject.id), made, body.since, call.now)
    return await _schedule(call, subject, rosters, uow)


SHIFT = Operation("GET", "/people/{person_id}/shifts/{day}", KeyScope.PLANS_READ, answers=ShiftForm)


@SHIFT.run
async def get_shift(call: Call, people: People, rosters: Rosters, uow: UnitOfWork) -> Answer:
    """Show what is planned for a person on a day."""
    subject = await seen_person(call, people, Right.SEE_SCHEDULES)
    return await _shift(call, subject, day_of(call), rosters, uow)


PUT_SHIFT = Operation(
    "PUT",
    "/people/{person_id}/shifts/{day}",
    KeyScope.PLANS_WRITE,
    answers=ShiftForm,
    body=ShiftChange,
    wants_match=True,
    refuses=_PLANS,
)


@PUT_SHIFT.run
async def put_shift(
    call: Call, body: ShiftChange, people: People, schedules: SchedulesService, rosters: Rosters, uow: UnitOfWork
) -> Answer:
    """Name a shift, or a day off, for a day of a person; it wins over every schedule, and they are told."""
    subject, day = await person_of(call, people), day_of(call)
    await schedules.check(call.person, Target(Scope.PERSON, subject.id))
    present = await _shift(call, subject, day, rosters, uow)
    call.check_version(present.version or 0, lambda: present.form or present)  # type: ignore[arg-type,return-value]
    hours = None if body.hours is None else body.hours.hours()
    roster = (await rosters.book(call.portal, day, day, [subject])).of(subject.id, subject.zone)
    pause = roster.schedule(day).pause if body.pause is None else body.pause.pause()
    if hours is not None and body.pause is not None and pause.length >= hours.span:
        raise BreakTooLong
    pause = pause if hours is None else pause.within(hours) if body.pause is None else pause
    await schedules.name_shift(call.person, subject, (day, day), hours, pause, call.now)
    return await _shift(call, subject, day, rosters, uow)


def day_of(call: Call) -> date:
    """Return the day of the address; what is none names nothing."""
    said = call.path["day"]
    try:
        return in_reach(date.fromisoformat(said if len(said) == 10 else ""))
    except ValueError:
        raise own(NOT_FOUND) from None


async def _schedule(call: Call, subject: Employee, rosters: Rosters, uow: UnitOfWork) -> Answer:
    today = subject.today(call.now)
    roster = (await rosters.book(call.portal, today, today, [subject])).of(subject.id, subject.zone)
    given = [
        each
        for each in await uow.schedules.assignments(call.portal.id, subject.id)
        if each.scope is Scope.PERSON and each.target_id == subject.id
    ]
    form = ScheduleOfPerson(
        person_id=text_id(subject.id),
        today=schedule_form(roster.schedule(today)),
        items=[_assignment(each) for each in given],
        next=None,
    )
    return Answer(form, version=digest_of([[each.id, str(each.since)] for each in given]))


async def _shift(call: Call, subject: Employee, day: date, rosters: Rosters, uow: UnitOfWork) -> Answer:
    roster = (await rosters.book(call.portal, day - _DAY, day + _DAY, [subject])).of(subject.id, subject.zone)
    dates = await uow.schedules.dates(call.portal.id, day, day, subject.id)
    named = next((each for each in dates if each.employee_id == subject.id), None)
    hours, pause = (named.hours, named.pause) if named is not None else (None, None)
    if named is None and (shift := roster.shift(day)) is not None:
        hours, pause = roster.schedule(day).hours(day), shift.pause
    form = ShiftForm(
        person_id=text_id(subject.id),
        day=day,
        is_named=named is not None,
        hours=hours_form(hours),
        pause=None if hours is None or pause is None else break_form(pause),
    )
    return Answer(form, version=digest_of(form.model_dump(mode="json")))


def _assignment(each: Assignment) -> AssignmentForm:
    return AssignmentForm(
        scope=each.scope.value,
        target_id=text_id(each.target_id) if each.target_id else None,
        since=each.since,
        schedule=schedule_form(each.schedule),
    )


OPERATIONS = (SCHEDULES, SCHEDULE, PUT_SCHEDULE, SHIFT, PUT_SHIFT)

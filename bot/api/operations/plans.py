"""The production calendar, days of leave that are left, and the settings of the portal."""

from datetime import date

from bot.api.operation import Answer, Call, Operation, digest_of
from bot.api.operations.people import seen_person
from bot.api.operations.schedules import day_of
from bot.api.problems import BAD_BODY, NOT_FOUND, own
from bot.api.schemas.periods import (
    BalanceForm,
    Balances,
    CalendarChange,
    CalendarDayForm,
    CalendarYear,
    OptionForm,
    Settings,
    SettingsChange,
)
from bot.domain.errors import NotAllowed
from bot.domain.leave.absence import AbsenceKind
from bot.domain.options import OPTIONS, WrongOption
from bot.domain.people.api_key import Scope
from bot.domain.periods.period import PeriodClosed
from bot.domain.planning.calendar import BY_HAND, CalendarDay, NotADayOff, NotAWorkday, ProductionCalendar
from bot.domain.planning.calendar_change import CalendarChange as Change
from bot.domain.planning.calendar_change import ChangeKind
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ports import UnitOfWork
from bot.services.leave.balances import Balances as BalancesService
from bot.services.options import Options
from bot.services.people.people import People
from bot.services.planning.calendars import Calendars
from bot.text import t

CALENDAR = Operation("GET", "/calendar/{year}", Scope.PLANS_READ, answers=CalendarYear)


@CALENDAR.run
async def get_calendar(call: Call, calendars: Calendars) -> Answer:
    """Show a year of the production calendar: its days off, its short days, and days that were changed by hand."""
    year = call.path["year"]
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100):
        raise own(NOT_FOUND)
    calendar, number = await calendars.of(call.portal), int(year)
    days = calendar.days(date(number, 1, 1), date(number, 12, 31))
    form = CalendarYear(
        year=number,
        country=calendar.country,
        is_known=calendar.knows(number),
        items=[_day(calendar, each, call) for each in days if each.is_off or each.is_short or each.source == BY_HAND],
        next=None,
    )
    return Answer(form, version=calendar_version(calendar))


CALENDAR_DAY = Operation("GET", "/calendar/days/{day}", Scope.PLANS_READ, answers=CalendarDayForm)


@CALENDAR_DAY.run
async def get_calendar_day(call: Call, calendars: Calendars) -> Answer:
    """Show what a day is by the production calendar."""
    day = day_of(call)
    calendar = await calendars.of(call.portal)
    return Answer(_day(calendar, calendar.day(day), call), version=calendar_version(calendar))


CHANGE_DAY = Operation(
    "PUT",
    "/calendar/days/{day}",
    Scope.PLANS_WRITE,
    answers=CalendarDayForm,
    body=CalendarChange,
    wants_match=True,
    refuses=(NotAllowed, NotADayOff, NotAWorkday, PeriodClosed, "unknown_year"),
)


@CHANGE_DAY.run
async def change_calendar_day(call: Call, body: CalendarChange, calendars: Calendars) -> Answer:
    """Say what kind of day a date is, or on which other date its day off is given."""
    day = day_of(call)
    check(call.person, Right.KEEP_CALENDAR)
    before = await calendars.of(call.portal)
    call.check_version(calendar_version(before), lambda: _day(before, before.day(day), call))
    if (body.kind is None) == (body.moved_to is None):
        raise own(BAD_BODY, status=422, errors=[("kind", t("It is one of both: another kind, or another date."))])
    change = Change(ChangeKind.MOVE, day, body.moved_to)
    if body.kind is not None:
        change = Change(ChangeKind(body.kind.value), day)
    news = await calendars.change(call.portal, call.person, change, call.now)
    return Answer(_day(news.after, news.after.day(day), call), version=calendar_version(news.after))


def calendar_version(calendar: ProductionCalendar) -> int:
    """Return what stands for the calendar as it is, whichever of its days is looked at."""
    changed = [[str(day), each.is_off, each.is_short, each.source] for day, each in sorted(calendar.changes.items())]
    return digest_of([calendar.country, *changed])


def _day(calendar: ProductionCalendar, each: CalendarDay, call: Call) -> CalendarDayForm:
    return CalendarDayForm(
        day=each.day,
        is_off=each.is_off,
        is_short=each.is_short,
        is_holiday=each.is_holiday,
        name=calendar.name(each.day, call.locale),
        note=each.note,
    )


BALANCES = Operation("GET", "/people/{person_id}/leave-balances", Scope.PLANS_READ, answers=Balances)


@BALANCES.run
async def list_leave_balances(call: Call, people: People, balances: BalancesService) -> Balances:
    """Show how many days of leave a person has left today, by kind."""
    subject = await seen_person(call, people, Right.SEE_BALANCES)
    today = subject.today(call.now)
    items = []
    for kind in AbsenceKind:
        standing = await balances.standing(call.portal, subject, kind, today)
        if standing is not None:
            items.append(BalanceForm(kind=kind.value, left=standing.available, as_of=today))
    return Balances(items=items, next=None)


SETTINGS = Operation("GET", "/settings", Scope.SETTINGS_READ, answers=Settings, refuses=(NotAllowed,))


@SETTINGS.run
async def get_settings(call: Call, options: Options) -> Answer:
    """Show what counts on the portal, by the keys of the options; no secret is among them."""
    options.check(call.person)
    return _settings(call, call.portal)


CHANGE_SETTINGS = Operation(
    "PATCH",
    "/settings",
    Scope.SETTINGS_WRITE,
    answers=Settings,
    body=SettingsChange,
    wants_match=True,
    refuses=(NotAllowed, WrongOption),
)


@CHANGE_SETTINGS.run
async def change_settings(call: Call, body: SettingsChange, options: Options, uow: UnitOfWork) -> Answer:
    """Set options as people write them: all of them, or none where one is wrong."""
    options.check(call.person)
    call.check_version(version_of(call.portal), lambda: _form(call, call.portal))
    for key, said in body.options.items():
        option = OPTIONS.get(key)
        if option is None:
            raise own(BAD_BODY, status=422, errors=[("options", t("It is not known here."))])
        portal = await uow.portals.get(call.portal.id) or call.portal
        await options.set(call.person, portal, option, said, call.now)
    return _settings(call, await uow.portals.get(call.portal.id) or call.portal)


def version_of(portal: Portal) -> int:
    """Return what stands for the settings as they are: others, another number."""
    return digest_of([sorted(portal.options.items()), str(portal.free_correction)])


def _form(call: Call, portal: Portal) -> Settings:
    items = [
        OptionForm(
            key=key,
            title=call.say(option.title),
            value=option.written(option.of(portal), portal),
            words=call.say(option.words(option.of(portal))),
        )
        for key, option in OPTIONS.items()
    ]
    return Settings(items=items, version=version_of(portal))


def _settings(call: Call, portal: Portal) -> Answer:
    return Answer(_form(call, portal), version=version_of(portal))


OPERATIONS = (CALENDAR, CALENDAR_DAY, CHANGE_DAY, BALANCES, SETTINGS, CHANGE_SETTINGS)

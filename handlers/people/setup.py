"""The first steps of an administrator on one card: each is done by its own press, and a second one changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action
from bot.countries import country_name
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.events import AdministratorsMet, Introduced
from bot.domain.options import ORGANISATION
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Schedule, Scope
from bot.domain.rights import Right
from bot.domain.workday.punch_log import DayState
from bot.gently import gently
from bot.messages import DAY_CARD, Button, Keyboard, Reply, Say
from bot.services.people.greetings import Greetings
from bot.services.people.people import People
from bot.services.planning.calendars import Calendars
from bot.services.planning.rosters import Rosters
from bot.services.planning.said_schedules import PRESETS, schedule_of
from bot.services.planning.schedules import Schedules, Target
from bot.text import Lines, lines, t, tn
from bot.words.intents import suggestion
from bot.words.people import mention
from bot.words.schedules import schedule_lines
from handlers.cards.day import CHECK_IN
from handlers.people.option_cards import OptionPressed

router = Router("setup")
SETUP = "setup"


@dataclass(frozen=True, slots=True)
class UsualSchedulePressed(Action, code="us"):
    """Five days from nine to six for everybody."""


@dataclass(frozen=True, slots=True)
class IntroducePressed(Action, code="it"):
    """Tell everybody what the bot is."""


@router.command("setup", t("First steps"), right=Right.INTRODUCE)
async def setup(turn: Turn, calendars: Calendars, rosters: Rosters, people: People, greetings: Greetings) -> Reply:
    """Show what is set up, and what is still to be done."""
    return Reply((turn.place(*await setup_card(turn, calendars, rosters, people, greetings), SETUP),))


@router.pressed(UsualSchedulePressed)
async def usual_schedule(
    turn: Turn,
    press: UsualSchedulePressed,
    calendars: Calendars,
    rosters: Rosters,
    people: People,
    greetings: Greetings,
    schedules: Schedules,
) -> Reply:
    """Give everybody the usual week from today on, where the portal has no schedule yet."""
    del press
    today = turn.today
    if await _given(turn, rosters) is None:
        usual = schedule_of(PRESETS["5-2"], today)
        await schedules.give(turn.employee, turn.portal, Target(Scope.PORTAL), usual, today, turn.now)
    shown: Reply = await setup(turn, calendars, rosters, people, greetings)
    return shown


@router.pressed(IntroducePressed)
async def introduce(
    turn: Turn, press: IntroducePressed, calendars: Calendars, rosters: Rosters, people: People, greetings: Greetings
) -> Reply:
    """Write to everybody who was not greeted yet, once."""
    del press
    told = await greetings.introduce(turn.employee, turn.now)
    shown: Reply = await setup(turn, calendars, rosters, people, greetings)
    said = tn("📣 I have written to {count} person.", "📣 I have written to {count} people.", told)
    return shown.also(Say(said if told else t("📣 Everybody whom I can reach knows me already.")))


@router.happened(Introduced)
async def introduced(event: Introduced, people: People) -> Sequence[Notice]:
    """Each gets one greeting, where they are reached best, with the button that begins a day."""
    admin = await people.get(event.employee_id, event.portal_id)
    chosen = set(event.people)
    everybody = [each for each in await people.everybody_of(event.portal_id) if each.id in chosen]
    return await gently(lambda each: _greeting(each, admin), everybody)


@router.happened(AdministratorsMet)
async def administrators_met(event: AdministratorsMet, people: People) -> Sequence[Notice]:
    """Each administrator of a new portal is greeted, with the button by which everybody else is."""
    found = [await people.get(each, event.portal_id) for each in event.people]
    return [_first_greeting(each) for each in found if each is not None]


async def setup_card(
    turn: Turn, calendars: Calendars, rosters: Rosters, people: People, greetings: Greetings
) -> tuple[Lines, Keyboard]:
    """Show the calendar, the schedule, the people, the organisation, and whether everybody was told."""
    untold = await greetings.untold(turn.employee)
    today = turn.today
    calendar = await calendars.of(turn.portal)
    given = await _given(turn, rosters)
    everybody = [each for each in await people.everybody_of(turn.portal.id) if not each.is_disabled]
    country = country_name(turn.portal.country, turn.employee.locale)
    organisation = ORGANISATION.of(turn.portal)
    is_known = calendar.knows(today.year)
    text = lines(
        t("🧭 *First steps*"),
        t("✅ Calendar: {country}, {year}", country=country, year=today.year)
        if is_known
        else t("⬜ Calendar: {country}, {year} is not known yet: /calendar", country=country, year=today.year),
        t("✅ Schedule of everybody:") if given else t("⬜ Schedule: none yet, so nobody is reminded"),
        schedule_lines(given, today) if given else None,
        tn("👥 {count} person is here: /people", "👥 {count} people are here: /people", len(everybody)),
        t("✅ Organisation: {name}", name=organisation) if organisation else t("⬜ Organisation, for time sheets"),
        tn("⬜ {count} person does not know me yet", "⬜ {count} people do not know me yet", len(untold))
        if untold
        else t("✅ Everybody knows me"),
        None if given else t("Another schedule? Write it, for example: “schedule for everybody 8-17, lunch 12-13”."),
    )
    usual = Button(t("🗓 5/2, 9–18 for everybody"), UsualSchedulePressed(), style="success")
    tell = Button(t("📣 Tell everybody"), IntroducePressed(), style="primary")
    name = Button(t("🏢 Name of the organisation"), OptionPressed(ORGANISATION.key))
    return text, Keyboard.of(None if given else usual, tell if untold else None, None if organisation else name)


async def is_set_up(turn: Turn, rosters: Rosters) -> bool:
    """Whether the portal has a schedule: before that an administrator is shown the first steps."""
    return await _given(turn, rosters) is not None


async def _given(turn: Turn, rosters: Rosters) -> Schedule | None:
    today = turn.today
    return (await rosters.book(turn.portal, today, today)).given(Scope.PORTAL, 0, today)


def _first_greeting(admin: Employee) -> Notice:
    first_name = admin.name.split(" ", maxsplit=1)[0]
    text = lines(
        t("Hello, {name}! I keep working hours here. Tap a button or just write, as to a colleague.", name=first_name),
        t("The application is installed. “📣 Tell everybody” – and each of your colleagues has me in their chats."),
        t("What else there is to set up: /setup"),
    )
    tell = Button(t("📣 Tell everybody"), IntroducePressed(), style="primary")
    return Notice(admin, Say(text, Keyboard.of(tell), slot=SETUP))


def _greeting(person: Employee, admin: Employee | None) -> Notice:
    first_name = person.name.split(" ", maxsplit=1)[0]
    text = lines(
        t("Hello, {name}! I keep working hours here. Tap a button or just write, as to a colleague.", name=first_name),
        suggestion(DayState.OFF, person.name),
        t("Connected by {person}. All I can do: /help", person=mention(admin)) if admin else None,
    )
    return Notice(person, Say(text, Keyboard.of(CHECK_IN), slot=DAY_CARD))

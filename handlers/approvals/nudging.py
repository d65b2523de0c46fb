"""A lead lets somebody be reminded of their marks: «напомни Борису отметиться»."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.events import MarkAsked
from bot.domain.rights import Right
from bot.domain.workday.punch_log import DayState
from bot.messages import DAY_CARD, Reply, Say
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.reminding.watch import Watch
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Time, lines, t
from bot.words.people import mention
from handlers.cards.day import day_card
from handlers.cards.requests import mention_of

router = Router("nudging")
NUDGED = "nudged"
"""What is noted once a lead had somebody reminded, by the hour."""


@router.said("nudge")
async def nudge(turn: Turn, people: People, leaves: Leaves, timesheets: Timesheets, watch: Watch) -> Reply:
    """Remind somebody whom the person leads, or say truly why not."""
    person = await people.find(turn.portal, str(turn.understood.slots.get("person", "")))
    await people.check(turn.employee, Right.ASK_FOR_MARKS, person)
    who = mention(person)
    view = await timesheets.day(person, turn.now)
    away = await leaves.covering(person, view.total.day)
    if away is not None:
        return turn.say(t("{person} is away until {day} and is not reminded.", person=who, day=Day(away.last)))
    if view.session is not None and view.state is not DayState.OFF:
        since = Time(view.session.started_at, view.session.zone)
        return turn.say(t("{person} is at work since {time}.", person=who, time=since))
    if person.is_disabled or not any(each.is_reachable for each in person.identities):
        return turn.say(t("My messages do not reach {person}. Please call.", person=who))
    hour = f"{turn.now:%Y-%m-%dT%H}"
    if await watch.was_told(person, NUDGED, hour):
        return turn.say(t("{person} was reminded a moment ago.", person=who))
    watch.note(person, NUDGED, hour, turn.now)
    people.ask_for_marks(turn.employee, person)
    return turn.say(t("⏰ {person} is reminded.", person=who))


@router.happened(MarkAsked)
async def remind(event: MarkAsked, occasion: Occasion, people: People, timesheets: Timesheets) -> Sequence[Notice]:
    """The person reads who asks, above the day as it is."""
    person = await people.get(event.employee_id, event.portal_id)
    lead = await people.get(event.by_id, event.portal_id)
    if person is None:
        return ()
    text, buttons = day_card(await timesheets.day(person, occasion.now))
    asks = t("⏰ {person} asks you to mark your time.", person=mention_of(lead))
    return (Notice(person, Say(lines(asks, *text.lines), buttons, slot=DAY_CARD)),)

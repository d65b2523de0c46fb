"""Whoever is planned for is told: the new schedule from its day on, or the shifts that were named."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.domain.events import ScheduleChanged
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster
from bot.gently import gently
from bot.messages import Say
from bot.services.people.people import People
from bot.services.planning.schedules import Schedules
from bot.text import Day, Lines, lines, t
from bot.words.leave import absence_span
from bot.words.people import mention
from bot.words.schedules import hours_words, pause_words, schedule_lines

router = Router("schedule_news")


@router.happened(ScheduleChanged)
async def schedule_changed(event: ScheduleChanged, schedules: Schedules, people: People) -> Sequence[Notice]:
    """Tell everybody concerned, each with their own plan and by whom it was made."""
    by = await people.get(event.employee_id, event.portal_id)
    whose = t("By {person}", person=mention(by)) if by else None

    def news(concerned: tuple[Employee, Roster]) -> Notice:
        return Notice(concerned[0], Say(lines(_words(event, concerned[1]), whose)))

    return await gently(news, await schedules.concerned(event))


def _words(event: ScheduleChanged, roster: Roster) -> Lines:
    if event.last is None:
        heading = t("🗓 *Your schedule from {day}:*", day=Day(event.first))
        return lines(heading, schedule_lines(roster.schedule(event.first), event.first))
    planned = roster.dates[event.first]
    span = absence_span(event.first, event.last)
    return lines(
        t("🗓 *Your plan, {days}:* {hours}", days=span, hours=hours_words(planned.hours)),
        pause_words(planned.pause) if planned.hours else None,
    )

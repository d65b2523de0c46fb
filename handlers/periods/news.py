"""What people learn of what others did to their hours: a day that was vouched for, a period closed or opened again."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.events import DayVouched
from bot.messages import Say
from bot.ports import Job
from bot.services.people.people import People
from bot.services.periods.news import PERIOD_NEWS, PeriodNews
from bot.text import DayTime, Mention, Period, lines, t
from bot.words.people import mention

router = Router("period-news")


@router.happened(DayVouched)
async def day_vouched(event: DayVouched, people: People) -> Sequence[Notice]:
    """The person learns who said when their day ended, and how to say that it was otherwise (case 26)."""
    person = await people.get(event.employee_id, event.portal_id)
    by = await people.get(event.by_id, event.portal_id)
    if person is None or by is None or person.is_disabled:
        return ()
    who, when = mention(by), DayTime(event.ended_at, event.zone)
    said = t("✅ {who} confirmed for you that you left at this time: *{when}*.", who=who, when=when)
    return (Notice(person, Say(lines(said, t("Was it otherwise? Write when you left.")))),)


@router.due(PERIOD_NEWS)
async def period_news(job: Job, occasion: Occasion, news: PeriodNews) -> Sequence[Notice]:
    """One line to each who has hours in the period."""
    told = await news.due(job, occasion.now)
    if told is None:
        return ()
    who = mention(told.by) if told.by else Mention("?")
    period = Period(told.closing.first, told.closing.last)
    words = t("🔓 {who} opened {period} again: hours of it can be changed.", who=who, period=period)
    if told.closing.is_closed:
        words = t("🔒 {who} closed {period}: hours of it are final.", who=who, period=period)
    return [Notice(each, Say(words)) for each in told.people]

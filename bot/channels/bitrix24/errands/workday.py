"""The portal's own working day is made to follow ours: looked at first, one call at a time, each answer compared.

There is nothing to look for after a lost answer that is not looked at anyway: what was done already is not done again.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.bitrix24.errands.refusals import not_done, refused
from bot.channels.bitrix24.errands.registry import Performer, Result, performs
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import number, text
from bot.channels.bitrix24.workdays import day_time, read_day, reason_of
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.workday.portal_day import OwnDay, PortalDay
from bot.domain.workday.portal_steps import MOST_STEPS, Step, next_step, unsaid

NOT_TAKEN = "not_taken"
"""The portal answered as if it had done it, and its day stands otherwise."""
_STATUS = "timeman.status"
_PASSES = frozenset({"no_answer", "in_haste", "no_access", "server"})


@performs(ErrandKind.WORKDAY)
class Workday(Performer):
    """Opens, pauses, resumes and closes somebody's day."""

    async def do(self, site: Site, errand: Errand) -> Result:
        """Take steps until nothing is to be done; what cannot be done is part of what came of it."""
        form = errand.form
        own, user = OwnDay.of_form(form["own"]), {"USER_ID": number(form.get("account"))}
        looked = day = await _asked(site, _STATUS, user)
        for _ in range(MOST_STEPS + 1):
            step = next_step(own, day, site.now())
            if step is None:
                left = [each.value for each in unsaid(own, day, site.now())]
                # After a lost answer it cannot be told who did what was found there.
                seen = {} if errand.is_doubtful else {"looked": looked.to_form()}
                return {**seen, "day": day.to_form(), "unsaid": left}
            day = await _taken(site, user, own, day, step, text(form.get("report")))
        raise refused(NOT_TAKEN)


async def _taken(site: Site, user: dict[str, Any], own: OwnDay, day: PortalDay, step: Step, report: str) -> PortalDay:
    """Make one call; it counts as done only if the day stands as it should."""
    params = dict(user)
    if step.at is not None:
        offset = day.offset if step.do == "close" else step.at.astimezone(ZoneInfo(own.zone)).utcoffset()
        params |= {"TIME": day_time(step.at, offset or timedelta()), "REPORT": report}
    after = await _asked(site, f"timeman.{step.do}", params)
    if after.standing is not step.then:
        raise refused(NOT_TAKEN)
    return after


async def _asked(site: Site, method: str, params: dict[str, Any]) -> PortalDay:
    try:
        answer = await site.ask(method, params)
    except RestError as error:
        why = not_done(error)
        if why.reason in _PASSES:
            why.is_doubtful = why.is_doubtful and method != _STATUS
            raise why from None
        raise refused(reason_of(error)) from None
    day = read_day(answer.result)
    if day is None:
        raise refused(NOT_TAKEN)
    return day

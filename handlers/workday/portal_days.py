"""The portal's own working day: it follows ours, its button marks here, and what differs is said once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions import Action, Instant
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.automation.errand import ErrandKind
from bot.domain.events import (
    DayChanged,
    ErrandEnded,
    PortalDayDiffers,
    PortalDayMarked,
    PortalDaysRefused,
    PortalDayUnsaid,
)
from bot.domain.workday.correction import Wish
from bot.domain.workday.punch_log import PunchKind
from bot.messages import DAY_CARD, NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.services.people.people import People
from bot.services.workday.portal_days import PortalDays
from bot.services.workday.recording import WISHES, Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import t
from bot.words.portal_days import BY_BUTTON, differs_words, refused_words, unsaid_words
from handlers.cards.day import day_card
from handlers.workday.corrections import correct

router = Router("portal-days")
_SLOT = "portal-day"


@dataclass(frozen=True, slots=True)
class AsThere(Action, code="pda"):
    """What stands on the portal is right."""

    is_end: bool
    at: Instant


@dataclass(frozen=True, slots=True)
class AsHere(Action, code="pdh"):
    """What stands with us is right."""


@router.happened(DayChanged)
async def follow(event: DayChanged, occasion: Occasion, days: PortalDays) -> Sequence[Notice]:
    """The portal's day follows, where an administrator wants it to."""
    await days.follow(event.portal_id, event.employee_id, occasion.now)
    return ()


@router.happened(ErrandEnded)
async def ended(event: ErrandEnded, occasion: Occasion, days: PortalDays) -> Sequence[Notice]:
    """What came of it is noted; what the portal could not do is said by further events."""
    if event.errand.kind is ErrandKind.WORKDAY:
        await days.ended(event.errand, occasion.now)
    return ()


@router.happened(PortalDayMarked)
async def marked(
    event: PortalDayMarked, occasion: Occasion, people: People, timesheets: Timesheets
) -> Sequence[Notice]:
    """The person's card shows what the portal's button did: a new one for a new day, else the one that is there."""
    employee = await people.told_by_itself(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    text, buttons = day_card(await timesheets.day(employee, occasion.now), BY_BUTTON)
    say = Say(text, buttons, slot=DAY_CARD, edit=PunchKind.IN not in event.kinds)
    return (Notice(employee, say, "everywhere" if say.edit else "best"),)


@router.happened(PortalDayDiffers)
async def differs(event: PortalDayDiffers, people: People) -> Sequence[Notice]:
    """The person says which of both times is right; until then nothing changes."""
    employee = await people.told_by_itself(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    there = AsThere(event.kind is PunchKind.OUT, int(event.at.timestamp()))
    buttons = Keyboard.of(Button(t("🔁 As in Bitrix24"), there), Button(t("✅ As in Smena"), AsHere()))
    return (Notice(employee, Say(differs_words(event.kind, event.at, event.zone), buttons, slot=_SLOT)),)


@router.happened(PortalDayUnsaid)
async def unsaid(event: PortalDayUnsaid, people: People) -> Sequence[Notice]:
    """The person learns what the portal cannot hold."""
    employee = await people.told_by_itself(event.employee_id, event.portal_id)
    return () if employee is None else (Notice(employee, Say(unsaid_words(event.what, event.day))),)


@router.happened(PortalDaysRefused)
async def refused(event: PortalDaysRefused, people: People, days: PortalDays) -> Sequence[Notice]:
    """Who can mend it learns why the portal's days do not go along; or whose day it is, that theirs did not."""
    employee = await people.told_by_itself(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    words = refused_words(event.reason, is_admin=days.is_for_administrators(event.reason))
    return (Notice(employee, Say(words)),)


@router.pressed(AsThere)
async def as_there(turn: Turn, press: AsThere, recording: Recording, timesheets: Timesheets) -> Reply:
    """Ask for the correction, as if it had been written here."""
    kind = PunchKind.OUT if press.is_end else PunchKind.IN
    wish = Wish(WISHES[kind], at=datetime.fromtimestamp(press.at, UTC))
    reply = await correct(turn, recording, timesheets, wish, "Bitrix24")
    return reply.also(turn.place(t("🔁 As it is in Bitrix24."), NO_BUTTONS, _SLOT))


@router.pressed(AsHere)
async def as_here(turn: Turn, press: AsHere) -> Reply:
    """Leave the log as it is."""
    del press
    return Reply((turn.place(t("✅ Left as it is in Smena."), NO_BUTTONS, _SLOT),))

"""Reminders: a shift has begun or ended and the marks say otherwise; one tap mends it (cases 23 and 28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.actions import Action, Instant
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.events import DayChanged
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.reminding.watch import Nudge, NudgeKind
from bot.domain.workday.punch_log import PunchKind
from bot.gently import gently
from bot.messages import DAY_CARD, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.reminding.digest_times import ROUNDS, DigestTimes, since_of
from bot.services.reminding.forgotten import Forgotten
from bot.services.reminding.timers import WATCH, Timers
from bot.services.reminding.watch import Asked, Watch
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import Phrase, Time, t
from handlers.cards.day import CHECK_IN, CHECK_OUT, day_card
from handlers.cards.wanted import check_day
from handlers.workday.punches import punch

router = Router("reminders")


@dataclass(frozen=True, slots=True)
class CameAtPressed(Action, code="ca"):
    """Check in at that time."""

    at: Instant


@dataclass(frozen=True, slots=True)
class NotTodayPressed(Action, code="nt"):
    """I do not work today."""


@dataclass(frozen=True, slots=True)
class AwayTodayPressed(Action, code="at"):
    """Ask for leave of that kind today; of no kind, nothing is noted."""

    kind: str


@dataclass(frozen=True, slots=True)
class LeftAsPlannedPressed(Action, code="lp"):
    """I left when the plan ended."""


@dataclass(frozen=True, slots=True)
class StillWorkingPressed(Action, code="sw"):
    """I am still at work."""

    day: int
    """The ordinal of the shift's date."""

    def __post_init__(self) -> None:
        """Take no forged day for one."""
        check_day(self.day)


@router.due(WATCH)
async def look(job: Job, occasion: Occasion, watch: Watch) -> Sequence[Notice]:
    """Look at everybody of a portal, and ask whoever has to be asked; their question is their day card."""
    asked = await watch.look(job.portal_id, occasion.now)
    return await gently(lambda each: _question(each, occasion.now), asked)


@router.due(ROUNDS)
async def round_of_digests(job: Job, occasion: Occasion, times: DigestTimes) -> Sequence[Notice]:
    """Set the jobs of the digests that have fallen due."""
    await times.look(job.portal_id, since_of(job), occasion.now)
    return ()


@router.happened(DayChanged)
async def day_changed(event: DayChanged, occasion: Occasion, people: People, timers: Timers) -> Sequence[Notice]:
    """A person's timers follow from the state of their day."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is not None:
        await timers.follow(employee, occasion.now)
    return ()


def _question(asked: Asked, now: datetime) -> Notice:
    slot = "" if asked.is_apart else DAY_CARD
    return Notice(asked.employee, Say(_words(asked.nudge, now), _buttons(asked.nudge), slot=slot))


def _words(nudge: Nudge, now: datetime) -> Phrase:
    shift = nudge.shift
    match nudge.kind:
        case NudgeKind.START:
            return t("⏰ It is {time}, and no check-in yet. Are you at work?", time=Time(now, shift.zone))
        case NudgeKind.END:
            return t("⏰ Your shift ended at {end}. Are you still at work?", end=Time(shift.ends_at, shift.zone))
        case NudgeKind.STILL:
            return t("⏰ It is {time}, and the clock is running. Are you still at work?", time=Time(now, shift.zone))


def _buttons(nudge: Nudge) -> Keyboard:
    shift = nudge.shift
    if nudge.kind is NudgeKind.START:
        came = t("🕘 Came at {time}", time=Time(shift.starts_at, shift.zone))
        not_today = Button(t("🌴 Not working today"), NotTodayPressed())
        return Keyboard.of(CHECK_IN, Button(came, CameAtPressed(int(shift.starts_at.timestamp()))), not_today)
    left = Button(t("🏠 Left at {time}", time=Time(shift.ends_at, shift.zone)), LeftAsPlannedPressed())
    return Keyboard.of(CHECK_OUT, left, Button(t("💼 Still working"), StillWorkingPressed(shift.day.toordinal())))


@router.pressed(CameAtPressed)
async def came_at(
    turn: Turn, press: CameAtPressed, recording: Recording, leaves: Leaves, timesheets: Timesheets
) -> Reply:
    """Check in as if the time had been typed: a small difference counts at once, a large one goes to the lead."""
    said = turn.meaning("check_in", {"at": datetime.fromtimestamp(press.at, UTC)})
    return await punch(said, PunchKind.IN, recording, leaves, timesheets)


@router.pressed(NotTodayPressed)
async def not_today(turn: Turn, press: NotTodayPressed) -> Reply:
    """Offer to note why."""
    del press
    kinds = (AbsenceKind.DAY_OFF, AbsenceKind.SICK, AbsenceKind.REMOTE)
    buttons = tuple(Button(absence_words(kind), AwayTodayPressed(kind.value)) for kind in kinds)
    nothing = Button(t("Nothing to note"), AwayTodayPressed(""))
    return turn.card(t("All right. What should I note for today?"), Keyboard.of(buttons, nothing))


@router.pressed(AwayTodayPressed)
async def away_today(turn: Turn, press: AwayTodayPressed, timesheets: Timesheets) -> Reply:
    """Read the leave back, as if it had been typed."""
    if press.kind in AbsenceKind._value2member_map_:
        today = turn.today
        return Reply(instead=("leave", {"kind": press.kind, "from_day": today, "to_day": today}))
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now), t("I will not ask again today."))
    return turn.card(text, buttons)


@router.pressed(LeftAsPlannedPressed)
async def left_as_planned(
    turn: Turn, press: LeftAsPlannedPressed, forgotten: Forgotten, timesheets: Timesheets
) -> Reply:
    """End the day where its plan ended; that is what the bot would have put there, so nobody has to approve it."""
    del press
    await forgotten.leave_as_planned(turn.employee, turn.moment)
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now))
    return turn.card(text, buttons)


@router.pressed(StillWorkingPressed)
async def still_working(turn: Turn, press: StillWorkingPressed, watch: Watch, timesheets: Timesheets) -> Reply:
    """Ask no more about this shift."""
    await watch.ask_no_more(turn.employee, date.fromordinal(press.day), turn.now)
    text, buttons = day_card(
        await timesheets.day(turn.employee, turn.now), t("I will not ask again today. Check out when you leave.")
    )
    return turn.card(text, buttons)

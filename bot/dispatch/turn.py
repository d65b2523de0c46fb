"""The turn as a handler sees it, and the moment at which it happens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Reach, Right, reach
from bot.domain.workday.moment import Moment
from bot.messages import (
    DAY_CARD,
    NO_BUTTONS,
    QUESTION,
    Attachment,
    Incoming,
    IncomingKind,
    Keyboard,
    Replied,
    Reply,
    Say,
    State,
    Words,
)
from bot.understanding import Understanding, meaning

CLOCK_FAULT = timedelta(minutes=5)
"""A messenger's own time further in the future than this is not believed (case 20)."""
LATE = timedelta(minutes=10)
"""A message this much older than its arrival is answered with both times (case 17)."""
LONG_AGO = timedelta(days=3)
"""A message this much older than its arrival does nothing by itself: it is asked about. A weekend's outage is less."""
OLD = "old"
"""What is unusual about such a message."""
_OFFICIAL = {"calendar_day": Right.KEEP_CALENDAR, "set_schedule": Right.GIVE_SCHEDULES}
"""Orders that are given in words of everybody by whoever may give them for all."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A turn of somebody we do not know: no employee, perhaps a one-time link in hand."""

    message: Incoming
    now: datetime
    locale: str

    def say(self, text: Words, keyboard: Keyboard = NO_BUTTONS) -> Reply:
        """Answer with one message."""
        return Reply((Say(text, keyboard),))


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is done and told, in which conversation it is answered already, and by which id it is found."""

    now: datetime
    told_in: tuple[str, str] = ("", "")
    """(channel, conversation)"""
    id: str = ""
    """That of the turn: it stands in the log, and with every message that the turn caused."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a known person, who they are, and what their conversation waits on."""

    id: str
    message: Incoming
    employee: Employee
    portal: Portal
    now: datetime
    """The messenger's own time of the message where it is plausible, else the time of arrival; whole seconds, UTC."""
    state: State | None = None
    arguments: str = ""
    """What followed the slash command."""
    mark: str = ""
    replied: Replied | None = None
    """The message of ours that this one answers, if any: whose card it is, that is what the words are about (E13)."""
    _understood: list[Understanding] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The employee's zone."""
        return ZoneInfo(self.employee.zone)

    @property
    def today(self) -> date:
        """The day that it is for the employee."""
        return self.employee.today(self.now)

    @property
    def understood(self) -> Understanding:
        """What the text means as free words, an order among them; worked out once, when first asked."""
        if not self._understood:
            text = self.message.text if self.message.kind is IncomingKind.TEXT else ""
            if text.startswith("/"):
                text = ""
            who = self.employee
            official = [each for each, right in _OFFICIAL.items() if reach(who, right) is Reach.ALL]
            found = meaning(text, locale=who.locale, zone=self.zone, now=self.now, official=official)
            self._understood.append(found)
        return self._understood[0]

    @property
    def moment(self) -> Moment:
        """When and how this turn's punch happens."""
        return Moment(
            at=self.now,
            recorded_at=self.message.received_at,
            zone=self.employee.zone,
            source=self.message.channel,
            event=f"{self.message.channel}:{self.message.event_id}",
            actor_id=self.employee.id,
            mark=self.mark,
        )

    @property
    def conversation(self) -> tuple[str, str]:
        """(channel, conversation) that this turn is answered in."""
        return self.message.channel, self.message.conversation

    @property
    def replied_slot(self) -> str:
        """The slot of the message that is answered, "" where none is, or one that is in no slot."""
        return "" if self.replied is None else self.replied.slot

    @property
    def is_elsewhere(self) -> bool:
        """Whether the words answer another message than the open question: they are no answer to that (E13)."""
        return self.replied is not None and self.state is not None and self.replied.slot != self.state.slot

    @property
    def pressed(self) -> str:
        """The message under which a button was pressed, or nothing."""
        return self.message.message if self.message.kind is IncomingKind.PRESS else ""

    def say(self, text: Words, keyboard: Keyboard = NO_BUTTONS, *, file: Attachment | None = None) -> Reply:
        """Answer with one message, which may carry a file."""
        return Reply((Say(text, keyboard, file=file),))

    def ask(self, state: State, text: Words, keyboard: Keyboard = NO_BUTTONS, *, slot: str = QUESTION) -> Reply:
        """Ask, and wait on the answer; a question that waited before loses its buttons."""
        return Reply((self.place(text, keyboard, slot),), state)

    def conclude(self, text: Words, keyboard: Keyboard = NO_BUTTONS, *, slot: str = QUESTION) -> Reply:
        """End the dialog: the question that was pressed becomes the result, else a new message says it."""
        return Reply((self.place(text, keyboard, slot),), ends=True)

    def hint(self, text: Words, keyboard: Keyboard) -> Reply:
        """Say something above the day's buttons: they stand at the bottom of the chat now and nowhere else."""
        return Reply((Say(text, keyboard, slot=DAY_CARD),))

    def card(self, text: Words, keyboard: Keyboard) -> Reply:
        """Show the day card: edited in place after a press under it, else anew at the bottom of the chat."""
        return Reply((self.place(text, keyboard, DAY_CARD),))

    def place(self, text: Words, keyboard: Keyboard, slot: str) -> Say:
        """Return a message for a slot, edited in place after a press under it."""
        return Say(text, keyboard, slot=slot, edit=bool(self.pressed), pressed=self.pressed)

    def pass_on(self) -> Reply:
        """Say that this was not an answer to the open question: the words are routed as if none were open."""
        return Reply(handled=False)

    def meaning(self, intent: str, slots: Mapping[str, object]) -> "Turn":
        """Return the turn with what the person chose that it means."""
        return self.taken_as(Understanding(self.message.text, intent, slots, ()))

    def taken_as(self, understood: Understanding) -> "Turn":
        """Return the turn as if its words meant that, with nothing after a command."""
        return replace(self, arguments="", _understood=[understood])

    def with_employee(self, employee: Employee) -> "Turn":
        """Return the turn of the same message with the employee as they are now."""
        return replace(self, employee=employee)


def time_of(message: Incoming) -> tuple[datetime, str]:
    """Return the turn's instant and what is unusual about it.

    "clock" when the messenger's time was not believed, "late" when it was long on its way, "old" when so long that it
    happens now and is asked about (case 17).
    """
    arrived = message.received_at.astimezone(UTC).replace(microsecond=0)
    if message.sent_at is None:
        return arrived, ""
    sent = message.sent_at.astimezone(UTC).replace(microsecond=0)
    if sent - arrived > CLOCK_FAULT:
        return arrived, "clock"
    if arrived - sent > LONG_AGO:
        return arrived, OLD
    return sent, "late" if arrived - sent > LATE else ""

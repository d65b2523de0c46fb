"""Refusals: what was understood but is not allowed now. Each has a code for programs and a phrase for people."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bot.domain.workday.punch_log import Punch, WorkSession
from bot.text import Phrase, Time, t, tn


class Refusal(Exception):
    """Base of the family. `code` is stable; `phrase` says what to do instead."""

    code: ClassVar[str] = "refused"

    def __init__(self, phrase: Phrase) -> None:
        """Carry the sentence that the person will read."""
        super().__init__(self.code)
        self.phrase = phrase
        self.idle: Punch | None = None
        """What was said and changed nothing, where it may have overtaken something said before it (case 15)."""


class AlreadyIn(Refusal):
    """A check-in while at work (case 2)."""

    code = "already_in"

    def __init__(self, session: WorkSession) -> None:
        """Name the session that is open."""
        super().__init__(t("You are already at work since *{time}*.", time=Time(session.started_at, session.zone)))
        self.session = session


class NotIn(Refusal):
    """A break, a return or a check-out by a person who is not at work (cases 3 and 4)."""

    code = "not_in"

    def __init__(self, last: WorkSession | None = None) -> None:
        """Name the last session of today, if there was one."""
        if last is None or last.ended_at is None:
            super().__init__(t("You are not checked in yet."))
        else:
            super().__init__(t("You checked out at *{time}*.", time=Time(last.ended_at, last.zone)))
        self.last = last


class AlreadyOnBreak(Refusal):
    """A second break while on a break (case 6)."""

    code = "already_on_break"

    def __init__(self, session: WorkSession) -> None:
        """Name the session whose break runs."""
        running = session.running_break
        since = running.started_at if running else session.started_at
        super().__init__(t("Your break has been running since *{time}*.", time=Time(since, session.zone)))
        self.session = session


class NotOnBreak(Refusal):
    """A return while at work (case 8)."""

    code = "not_on_break"

    def __init__(self, session: WorkSession) -> None:
        """Name the session that is open."""
        super().__init__(t("You are not on a break: the clock is running."))
        self.session = session


class NothingToUndo(Refusal):
    """No punch within the last five minutes."""

    code = "nothing_to_undo"

    def __init__(self) -> None:
        """Say until when a punch can be taken back."""
        super().__init__(t("There is nothing to undo: a mark can be taken back for five minutes."))


class InFuture(Refusal):
    """A punch at a time still to come (case 40)."""

    code = "in_future"

    def __init__(self, at: Time) -> None:
        """Name the time that was understood."""
        super().__init__(t("*{time}* is still to come. Write again when it is time.", time=at))
        self.at = at.at


class NotAllowed(Refusal):
    """The person's role does not allow it."""

    code = "not_allowed"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(t("Only an administrator can do that. Ask yours for help."))


class LeadsOnly(Refusal):
    """The person leads nobody."""

    code = "leads_only"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(t("Only a lead or an administrator can see that."))


class NotYourPeople(Refusal):
    """It is about somebody whom the person does not lead."""

    code = "not_your_people"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(t("Only their lead or an administrator can do that."))


class UnknownPerson(Refusal):
    """Nobody of that name."""

    code = "unknown_person"

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        """Name what was looked for; `near` are names that look like it, for whoever may read them."""
        self.near = tuple(near)
        super().__init__(t("I know nobody called “{name}”. Write the name as it stands on the portal.", name=name))


class AmbiguousPerson(Refusal):
    """Several people of that name."""

    code = "ambiguous_person"

    def __init__(self, name: str, found: str) -> None:
        """Name those who were found."""
        super().__init__(t("Several people are called “{name}”: {found}. Write the full name.", name=name, found=found))


class LastAdmin(Refusal):
    """The only administrator would be lost."""

    code = "last_admin"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(t("That is the only administrator. Name another one first."))


class LinkNotValid(Refusal):
    """A one-time link that is used, too old or unknown; all three read the same to a stranger."""

    code = "link_not_valid"

    def __init__(self) -> None:
        """Say how to get a new one."""
        super().__init__(t("This link or code no longer works: it lives ten minutes and works once. A new one: /link"))


class TooManyTries(Refusal):
    """So many codes were entered in vain that they are being guessed."""

    code = "too_many_tries"

    def __init__(self) -> None:
        """Say when to go on."""
        super().__init__(
            t("Too many codes that do not fit. Ask for a new one in Telegram, and enter it in ten minutes.")
        )


class AlreadyLinked(Refusal):
    """The account belongs to another person already."""

    code = "already_linked"

    def __init__(self) -> None:
        """Say how to get free."""
        super().__init__(t("This Telegram account is already linked to another employee. Unlink it there first."))


class NotLinked(Refusal):
    """There is no second messenger to unlink."""

    code = "not_linked"

    def __init__(self) -> None:
        """Say how to link."""
        super().__init__(t("No Telegram account is linked. To link one: /link"))


class UnknownZone(Refusal):
    """Not a place whose time zone we know."""

    code = "unknown_zone"

    def __init__(self, name: str) -> None:
        """Name what was looked for."""
        super().__init__(
            t("I do not know the time zone “{name}”. Write a large city, for example: /zone Yekaterinburg", name=name)
        )


class UnknownCountry(Refusal):
    """Not a country whose production calendar we have."""

    code = "unknown_country"

    def __init__(self, name: str) -> None:
        """Name what was looked for."""
        super().__init__(
            t("I have no calendar for “{name}”. Write the country in full, or its two letters: KZ", name=name)
        )


class NoSuchTime(Refusal):
    """A time of day that no clock shows."""

    code = "no_such_time"

    def __init__(self, said: str) -> None:
        """Name what was written, and how a time looks."""
        super().__init__(t("{time} – there is no such time. Write, for example, 18:30.", time=said))


class NoSuchDay(Refusal):
    """A day that no calendar has."""

    code = "no_such_day"

    def __init__(self, said: str) -> None:
        """Name what was written."""
        super().__init__(t("{day} – there is no such day. Please write it again.", day=said))


class UnclearTime(Refusal):
    """What follows a command is no time that a mark can have."""

    code = "unclear_time"

    def __init__(self, said: str) -> None:
        """Say that nothing was recorded, and how it is written."""
        super().__init__(
            t(
                "I did not understand the time “{said}”, and nothing was recorded. "
                "Write, for example, 18:30 or “yesterday at 18:30”; nothing at all means now.",
                said=said,
            )
        )


class Disabled(Refusal):
    """The person was disabled by an administrator."""

    code = "disabled"

    def __init__(self) -> None:
        """Say whom to ask."""
        super().__init__(t("Your access is switched off. Please ask your administrator."))


class BadFields(Refusal):
    """Several fields of a form that cannot be read, each with its reason."""

    code = "bad_fields"

    def __init__(self, errors: Mapping[str, Phrase]) -> None:
        """Keep why, by the names of the fields."""
        super().__init__(
            tn("Please look at {count} field: it says what is wanted.",
               "Please look at {count} fields: each says what is wanted.", len(errors))
        )  # fmt: skip
        self.errors = dict(errors)


class BadForm(Refusal):
    """A field of a form that cannot be read."""

    code = "bad_form"

    def __init__(self, phrase: Phrase, at: str = "") -> None:
        """Say what is wrong, and with which field."""
        super().__init__(phrase)
        self.at = at

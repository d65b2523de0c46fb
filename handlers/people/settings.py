"""My settings: how a person is spoken to, what comes by itself and where, on one card that is changed by a tap."""

from dataclasses import dataclass
from datetime import date, time

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.domain.reminding.digests import digest_time
from bot.domain.reminding.watch import is_muted
from bot.domain.rights import Right, may
from bot.i18n import utc_offset, zone_name
from bot.messages import Button, Keyboard, Reply
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.services.people.substitutes import Substitutes
from bot.services.reminding.digests import Digests
from bot.text import Phrase, lines, t
from bot.words.preferences import digest_words, reminders_words, weekly_words
from handlers.people.option_cards import OptionsPressed
from handlers.people.preferences import NAMES

router = Router("settings")
_SLOT = "settings"
_REMINDERS, _WEEKLY, _DIGEST = "reminders", "weekly", "digest"
"""What can be switched off and on."""


@dataclass(frozen=True, slots=True)
class WantedPressed(Action, code="wt"):
    """Send that no more (0), or again (1)."""

    what: str
    is_wanted: int

    def __post_init__(self) -> None:
        """Take no forged word for a switch."""
        if self.what not in (_REMINDERS, _WEEKLY, _DIGEST):
            raise ValueError(self.what)


@dataclass(frozen=True, slots=True)
class WritePressed(Action, code="wr"):
    """Write in that messenger."""

    channel: str


@dataclass(frozen=True, slots=True)
class SpokenPressed(Action, code="sp"):
    """Ask for the language or the time zone."""

    what: str

    def __post_init__(self) -> None:
        """Take no forged word for one of the two."""
        if self.what not in ("language", "zone"):
            raise ValueError(self.what)


@router.command("settings", t("My settings"), intents=("my_settings",))
async def my_settings(turn: Turn, digests: Digests, messengers: Messengers, substitutes: Substitutes) -> Reply:
    """Show a person's own settings on one card."""
    return await _shown(turn, turn.employee, digests, messengers, substitutes)


@router.said("settings")
async def settings(turn: Turn) -> Reply:
    """Just “settings” are the portal's for whoever may set them, and one's own for anybody else."""
    return Reply(instead=("options" if may(turn.employee, Right.KEEP_OPTIONS) else "my_settings", {}))


@router.said("subscribe")
async def subscribe(
    turn: Turn, people: People, digests: Digests, messengers: Messengers, substitutes: Substitutes
) -> Reply:
    """Send something from now on, or no more; whoever is told of nobody means the summary of their week."""
    slots = turn.understood.slots
    what = str(slots["what"])
    if what == _DIGEST and not await digests.is_told(turn.employee):
        what = _WEEKLY
    return await _kept(turn, people, digests, messengers, substitutes, what, is_wanted=bool(slots["is_wanted"]))


@router.said("write_to")
async def write_to(
    turn: Turn, people: People, digests: Digests, messengers: Messengers, substitutes: Substitutes
) -> Reply:
    """Write in the messenger that was named."""
    return await _moved(turn, people, digests, messengers, substitutes, str(turn.understood.slots["channel"]))


@router.pressed(WantedPressed)
async def keep(
    turn: Turn, press: WantedPressed, people: People, digests: Digests, messengers: Messengers, substitutes: Substitutes
) -> Reply:
    """Switch something on or off, and show the card as it is then."""
    return await _kept(turn, people, digests, messengers, substitutes, press.what, is_wanted=bool(press.is_wanted))


@router.pressed(WritePressed)
async def write(
    turn: Turn, press: WritePressed, people: People, digests: Digests, messengers: Messengers, substitutes: Substitutes
) -> Reply:
    """Write in the messenger that was pressed."""
    return await _moved(turn, people, digests, messengers, substitutes, press.channel)


@router.pressed(SpokenPressed)
async def spoken(turn: Turn, press: SpokenPressed) -> Reply:
    """Ask for the language or the time zone as the command does."""
    del turn
    return Reply(instead=(press.what, {}))


async def _kept(
    turn: Turn,
    people: People,
    digests: Digests,
    messengers: Messengers,
    substitutes: Substitutes,
    what: str,
    *,
    is_wanted: bool,
) -> Reply:
    if what == _REMINDERS:
        after = people.silence(turn.employee, None if is_wanted else date.max)
    elif what == _DIGEST:
        after = digests.keep_digest(turn.employee, wanted=is_wanted)
    else:
        after = digests.keep_weekly(turn.employee, wanted=is_wanted)
    return await _shown(turn, after, digests, messengers, substitutes)


async def _moved(
    turn: Turn, people: People, digests: Digests, messengers: Messengers, substitutes: Substitutes, channel: str
) -> Reply:
    if turn.employee.identity(channel) is None:
        return turn.say(t("{messenger} is not linked yet. To link it: /link", messenger=messengers.title(channel)))
    return await _shown(turn, people.prefer(turn.employee, channel), digests, messengers, substitutes)


async def _shown(
    turn: Turn, employee: Employee, digests: Digests, messengers: Messengers, substitutes: Substitutes
) -> Reply:
    """Show the card, in place after a press under it."""
    switches = [_reminders(employee, turn.today), _weekly(employee)]
    if await digests.is_told(employee):
        switches.append(_digest(employee, digest_time(turn.portal.options)))
    stand_ins = await substitutes.names_of(employee, turn.now)
    channel = messengers.places(employee, "best")[0].channel
    others = [each.channel for each in employee.identities if each.channel != channel]
    text = lines(
        t("⚙️ *My settings*"),
        t("🗣 Language: *{language}*", language=NAMES[employee.locale]),
        t(
            "🌍 Time zone: *{place}* ({offset})",
            place=zone_name(employee.zone, employee.locale),
            offset=utc_offset(employee.zone, turn.now),
        ),
        *(said for said, _ in switches),
        t("🔁 Stands in for me: *{names}*", names=", ".join(stand_ins)) if stand_ins else None,
        t("💬 I write in *{messenger}*", messenger=messengers.title(channel)) if others else None,
    )
    write_in = (
        Button(t("💬 Write in {messenger}", messenger=messengers.title(each)), WritePressed(each)) for each in others
    )
    keyboard = Keyboard.of(
        (Button(t("🗣 Language"), SpokenPressed("language")), Button(t("🌍 Time zone"), SpokenPressed("zone"))),
        *(button for _, button in switches),
        *write_in,
        Button(t("⚙️ Settings of the portal"), OptionsPressed()) if may(employee, Right.KEEP_OPTIONS) else None,
    )
    return Reply((turn.place(text, keyboard, _SLOT),))


def _reminders(employee: Employee, today: date) -> tuple[Phrase, Button]:
    again = Button(t("🔔 Remind me"), WantedPressed(_REMINDERS, 1))
    stop = Button(t("🔕 No reminders"), WantedPressed(_REMINDERS, 0))
    return reminders_words(employee, today), again if is_muted(employee, today) else stop


def _weekly(employee: Employee) -> tuple[Phrase, Button]:
    again = Button(t("📬 Send the weekly summary"), WantedPressed(_WEEKLY, 1))
    stop = Button(t("📬 No weekly summary"), WantedPressed(_WEEKLY, 0))
    return weekly_words(employee), stop if employee.wants_weekly else again


def _digest(employee: Employee, at: time) -> tuple[Phrase, Button]:
    again = Button(t("☀️ Send the morning digest"), WantedPressed(_DIGEST, 1))
    stop = Button(t("☀️ No morning digest"), WantedPressed(_DIGEST, 0))
    return digest_words(employee, at), stop if employee.wants_digest else again

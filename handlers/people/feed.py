"""The calendar link: a person's shifts and days away in the calendar of their phone, until they revoke it."""

from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Button, Keyboard, Reply
from bot.services.messengers import Messengers
from bot.services.people.feeds import Feeds
from bot.text import DayTime, lines, t, verbatim

router = Router("feed")


@dataclass(frozen=True, slots=True)
class NewFeedPressed(Action, code="fn"):
    """A new link instead of the one that works."""


@dataclass(frozen=True, slots=True)
class RevokeFeedPressed(Action, code="fr"):
    """The link is to stop working."""


_REVOKE = Button(t("🚫 Revoke the link"), RevokeFeedPressed(), style="danger")


@router.command("feed", t("Calendar on my phone"), intents=("feed",))
async def feed(turn: Turn, feeds: Feeds, messengers: Messengers) -> Reply:
    """Give a link; where one works already, say so: it cannot be shown again."""
    known = await feeds.of(turn.employee)
    if known is None:
        return _new(turn, feeds, messengers)
    buttons = (Button(t("🔄 New link"), NewFeedPressed()), _REVOKE)
    made = DayTime(known.created_at, turn.employee.zone)
    return turn.say(
        t("You have a calendar link since {day}. I cannot show it again, but I can make a new one.", day=made),
        Keyboard.of(buttons),
    )


@router.pressed(NewFeedPressed)
async def renew(turn: Turn, feeds: Feeds, messengers: Messengers) -> Reply:
    """Make a new link; the earlier one stops working."""
    return _new(turn, feeds, messengers)


@router.pressed(RevokeFeedPressed)
async def revoke(turn: Turn, feeds: Feeds) -> Reply:
    """Let the link stop working."""
    feeds.revoke(turn.employee, turn.now)
    return turn.say(t("The calendar link no longer works. For a new one: /feed"))


def _new(turn: Turn, feeds: Feeds, messengers: Messengers) -> Reply:
    site = messengers.site()
    if site is None:
        return turn.say(t("Calendar links need a public address of this service. Ask your administrator about it."))
    address = f"{site}/calendar/{feeds.open(turn.employee, turn.now)}.ics"
    return turn.say(
        lines(
            t("📅 Your shifts and days away, for the calendar of your phone. Add a calendar by this link:"),
            verbatim(address),
            t("Whoever knows the link sees your shifts; it works until you revoke it."),
        ),
        Keyboard.of(_REVOKE),
    )

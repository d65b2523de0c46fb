"""Linking a second messenger, from either side, and parting with it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.events import LinkSuggested
from bot.messages import Button, Keyboard, Reply, Say
from bot.services.messengers import Messengers
from bot.services.people.linking import Linking
from bot.services.people.people import People
from bot.text import Phrase, lines, t
from bot.words.people import named

router = Router("linking")


@dataclass(frozen=True, slots=True)
class AdoptPressed(Action, code="ad"):
    """Yes, that account is mine."""

    token: str


@dataclass(frozen=True, slots=True)
class KeepApartPressed(Action, code="ap"):
    """No, I do not know that account."""


@dataclass(frozen=True, slots=True)
class UnlinkPressed(Action, code="ul"):
    """Part with the linked account."""


@router.command("link", t("Link Telegram"), intents=("link",), params=t("code, if Telegram gave you one"))
async def link(turn: Turn, linking: Linking, messengers: Messengers) -> Reply:
    """Offer a one-time link, show what is linked, or ask whether a stranger's account is the person's own."""
    if turn.arguments:
        claim = await linking.look(turn.employee, turn.arguments, turn.now)
        buttons = (
            Button(t("✅ Yes, that is me"), AdoptPressed(claim.token), style="success"),
            Button(t("❌ No"), KeepApartPressed(), style="danger"),
        )
        name: str | Phrase = claim.name or t("without a name")
        return turn.say(
            t("Link the Telegram account “{name}” to you? It will show your hours and record your marks.", name=name),
            Keyboard.of(buttons),
        )
    if turn.employee.identity(messengers.invites) is not None:
        return turn.say(
            t("Telegram is linked: you can write to me in both messengers, the day is one."),
            Keyboard.of(Button(t("Unlink Telegram"), UnlinkPressed(), style="danger")),
        )
    address = messengers.link(messengers.invites, linking.offer(turn.employee, messengers.invites, turn.now))
    if address is None:
        return turn.say(t("Telegram is not connected here. Ask your administrator about it."))
    return turn.say(
        lines(
            t("Open this link on the device where your Telegram is, and press Start."),
            t("It lives ten minutes and opens once. Do not pass it on: it opens your hours."),
        ),
        Keyboard.of(Button(t("🔗 Open Telegram"), link=address, style="primary")),
    )


@router.pressed(AdoptPressed)
async def adopt(turn: Turn, press: AdoptPressed, linking: Linking) -> Reply:
    """Link the account after the employee agreed."""
    await linking.adopt(turn.employee, press.token, turn.now, turn.conversation)
    return turn.say(t("✅ Done: Telegram is linked. To unlink: /unlink"))


@router.pressed(KeepApartPressed)
async def keep_apart(turn: Turn) -> Reply:
    """Leave the account alone."""
    return turn.say(t("All right, nothing was linked."))


@router.command("unlink", t("Unlink Telegram"))
@router.pressed(UnlinkPressed)
async def unlink(turn: Turn, linking: Linking, messengers: Messengers) -> Reply:
    """Part with the linked account; what was recorded stays."""
    await linking.part(turn.employee, messengers.invites, turn.now)
    return turn.say(t("Telegram is unlinked. Your hours stay; to link again: /link"))


@router.happened(LinkSuggested)
async def suggested(event: LinkSuggested, people: People) -> Sequence[Notice]:
    """The person reads who asks them to come into the second messenger, and how."""
    person = await people.get(event.employee_id, event.portal_id)
    asks = await people.get(event.by_id, event.portal_id)
    if person is None:
        return ()
    text = t(
        "💡 {person} suggests linking Telegram: marks and answers with one tap there too. /link", person=named(asks)
    )
    return (Notice(person, Say(text)),)

"""Administrators whose access the application uses when the installer's is lost: listed, agreed to and ended in chat.

Nobody's access is taken in passing: the link opens a page that says what it is for, and the portal confirms who agrees.
"""

from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.installation import Grant, Purpose
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.messages import Button, Keyboard, Reply
from bot.services.messengers import Messengers
from bot.services.people.installations import Installations
from bot.services.people.people import People
from bot.text import Lines, Phrase, lines, t
from bot.words.people import mention

router = Router("standing in")
STAND_INS = "stand-ins"


@dataclass(frozen=True, slots=True)
class EndStandInPressed(Action, code="esi"):
    """Let that account's access be used no longer."""

    account: str


@router.command("standin", t("Whose access the application uses"), right=Right.INTEGRATE)
async def stand_ins(turn: Turn, installations: Installations, people: People, messengers: Messengers) -> Reply:
    """Show whose access the application works by, and offer to stand in."""
    return Reply((turn.place(*await _card(turn, installations, people, messengers), STAND_INS),))


@router.pressed(EndStandInPressed)
async def end_stand_in(
    turn: Turn, press: EndStandInPressed, installations: Installations, people: People, messengers: Messengers
) -> Reply:
    """End it, whoever agreed: an administrator of the portal may."""
    await installations.end_stand_in(turn.employee, press.account, turn.now)
    return Reply((turn.place(*await _card(turn, installations, people, messengers), STAND_INS),))


async def _card(
    turn: Turn, installations: Installations, people: People, messengers: Messengers
) -> tuple[Lines, Keyboard]:
    grants = await installations.access_of(turn.portal.id)
    if grants is None:
        return lines(
            t("The Bitrix24 application is not installed on this portal, so nobody has to stand in.")
        ), Keyboard()
    everybody = await people.everybody_of(turn.portal.id)
    by_account = {own.account: each for each in everybody for own in each.identities if own.realm == turn.portal.key}
    shown = [_line(each, by_account.get(each.account)) for each in grants]
    standing = [each for each in grants if Purpose.STAND_IN in each.purposes]
    text = lines(
        t("🔑 *Whose access the application uses on the portal*"),
        *shown,
        None if grants else t("Nobody's: it cannot work there now."),
        t("Who stands in lets deals, tasks and processes go on when the installer leaves or loses the right."),
    )
    address = messengers.stand_in(turn.portal.member_id or "", turn.now)
    own = {each.account for each in turn.employee.identities if each.realm == turn.portal.key}
    agree = None
    if address is not None and not any(each.account in own for each in standing):
        agree = Button(t("🔑 Stand in"), link=address, style="primary")
    ends = [Button(_end(by_account.get(each.account), each), EndStandInPressed(each.account)) for each in standing]
    return text, Keyboard.of(agree, *ends)


def _line(grant: Grant, person: Employee | None) -> Phrase:
    who = mention(person) if person is not None else t("account {account}", account=grant.account)
    if grant.is_lost:
        return t("⚠️ {person}: Bitrix24 takes it no longer", person=who)
    if Purpose.INSTALLER in grant.purposes:
        return t("✅ {person}: installed the application", person=who)
    return t("✅ {person}: stands in", person=who)


def _end(person: Employee | None, grant: Grant) -> Phrase:
    return t("End: {name}", name=person.name if person is not None else grant.account)

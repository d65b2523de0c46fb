"""What administrators steer by chat: who may do what, each change with a way back, and what did not arrive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee, Role
from bot.domain.rights import Right
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.services.deliveries import Deliveries
from bot.services.messengers import Messengers
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.text import Phrase, lines, t, tn, verbatim
from bot.words.people import mention, role_word
from handlers.read_back import OVER

router = Router("admin")
_LONGEST_LIST = 60
_SLOT = "steered"


@dataclass(frozen=True, slots=True)
class RoleBackPressed(Action, code="rb"):
    """Give that person the role that they had before."""

    person: str
    role: str
    was_chosen: int

    def __post_init__(self) -> None:
        """Take no forged words for a person and a role: whatever raises is answered as an old button."""
        long(self.person)
        Role(self.role)


@dataclass(frozen=True, slots=True)
class AccessBackPressed(Action, code="ab"):
    """Switch that person off (1) or on (0), as before."""

    person: str
    is_disabled: int

    def __post_init__(self) -> None:
        """Take no forged word for a person."""
        long(self.person)


@router.command("people", t("Everybody"), right=Right.GIVE_ROLES)
async def everybody(turn: Turn, people: People, departments: Departments, messengers: Messengers) -> Reply:
    """List everybody with their role, their department and where they can be reached."""
    found = await people.everybody_of(turn.portal.id)
    places = await departments.names(turn.portal, turn.today)
    heading = tn("*{count} person*", "*{count} people*", len(found))
    return turn.say(
        lines(
            heading,
            *_unreached(found, messengers),
            *(_row(each, places.get(each.id), messengers) for each in found[:_LONGEST_LIST]),
            _more(len(found)),
        )
    )


@router.command("lead", t("Make somebody a lead"), right=Right.GIVE_ROLES, params=t("name"))
async def make_lead(turn: Turn, people: People) -> Reply:
    """Let a person see presence and decide requests."""
    return await _give(turn, people, Role.LEAD, t("{person} is a lead now."))


@router.command("accountant", t("Make somebody an accountant"), right=Right.GIVE_ROLES, params=t("name"))
async def make_accountant(turn: Turn, people: People) -> Reply:
    """Let a person see everybody's hours, close periods and take time sheets."""
    return await _give(turn, people, Role.ACCOUNTANT, t("{person} is an accountant now."))


@router.command("admin", t("Make somebody an administrator"), right=Right.GIVE_ROLES, params=t("name"))
async def make_admin(turn: Turn, people: People) -> Reply:
    """Let a person steer the portal."""
    return await _give(turn, people, Role.ADMIN, t("{person} is an administrator now."))


@router.command("employee", t("Take a role away"), right=Right.GIVE_ROLES, params=t("name"))
async def make_employee(turn: Turn, people: People) -> Reply:
    """Let a person do no more than record their own day."""
    return await _give(turn, people, Role.EMPLOYEE, t("{person} is an employee without further rights now."))


@router.command("disable", t("Switch somebody off"), right=Right.GIVE_ACCESS, params=t("name"))
async def disable(turn: Turn, people: People) -> Reply:
    """Switch a person off; what they recorded stays."""
    return await _switch(turn, people, t("{person} can no longer write to me. Recorded hours stay."), is_disabled=True)


@router.command("enable", t("Switch somebody on"), right=Right.GIVE_ACCESS, params=t("name"))
async def enable(turn: Turn, people: People) -> Reply:
    """Switch a person on again."""
    return await _switch(turn, people, t("{person} can write to me again."), is_disabled=False)


@router.command("resend", t("Send again what did not arrive"), right=Right.RESEND)
async def resend(turn: Turn, deliveries: Deliveries) -> Reply:
    """Try failed turns and messages again."""
    turns, messages = await deliveries.resend(turn.employee, turn.portal, turn.now)
    if not turns and not messages:
        return turn.say(t("Everything has arrived; there is nothing to send again."))
    return turn.say(
        t(
            "Trying again: {messages}, {turns}.",
            messages=tn("{count} message", "{count} messages", messages),
            turns=tn("{count} unanswered request", "{count} unanswered requests", turns),
        )
    )


@router.pressed(RoleBackPressed)
async def role_back(turn: Turn, press: RoleBackPressed, people: People) -> Reply:
    """Give a person the role that they had before."""
    subject = await people.get(long(press.person), turn.portal.id)
    if subject is None:
        return turn.say(OVER)
    before = Role(press.role)
    await people.set_role(turn.employee, subject, before, turn.now, is_chosen=bool(press.was_chosen))
    return _in_place(turn, t("↩️ {person} – {role}, as before.", person=mention(subject), role=role_word(before)))


@router.pressed(AccessBackPressed)
async def access_back(turn: Turn, press: AccessBackPressed, people: People) -> Reply:
    """Switch a person off or on as they were before."""
    subject = await people.get(long(press.person), turn.portal.id)
    if subject is None:
        return turn.say(OVER)
    is_disabled = bool(press.is_disabled)
    await people.set_disabled(turn.employee, subject, turn.now, is_disabled=is_disabled)
    done = t("{person} can no longer write to me. Recorded hours stay.", person=mention(subject))
    return _in_place(turn, done if is_disabled else t("{person} can write to me again.", person=mention(subject)))


def _in_place(turn: Turn, text: Phrase) -> Reply:
    return Reply((turn.place(text, NO_BUTTONS, _SLOT),))


async def _give(turn: Turn, people: People, role: Role, done: Phrase) -> Reply:
    if not turn.arguments:
        return turn.say(_example(turn))
    subject = await people.find(turn.portal, turn.arguments)
    await people.set_role(turn.employee, subject, role, turn.now)
    text = Phrase(done.message, {"person": mention(subject)})
    if subject.role is role:
        return turn.say(text)
    back = RoleBackPressed(short(subject.id), subject.role.value, int(subject.role_is_chosen))
    return Reply((Say(text, Keyboard.of(Button(t("↩️ Undo that"), back)), slot=_SLOT),))


async def _switch(turn: Turn, people: People, done: Phrase, *, is_disabled: bool) -> Reply:
    if not turn.arguments:
        return turn.say(_example(turn))
    subject = await people.find(turn.portal, turn.arguments)
    await people.set_disabled(turn.employee, subject, turn.now, is_disabled=is_disabled)
    text = Phrase(done.message, {"person": mention(subject)})
    if subject.is_disabled is is_disabled:
        return turn.say(text)
    back = AccessBackPressed(short(subject.id), int(subject.is_disabled))
    return Reply((Say(text, Keyboard.of(Button(t("↩️ Undo that"), back)), slot=_SLOT),))


def _example(turn: Turn) -> Phrase:
    return t("Write a name after the command, for example: {command} Anna", command=turn.message.text.strip())


def _unreached(people: Sequence[Employee], messengers: Messengers) -> list[Phrase]:
    """Count whom messages do not reach, by messenger: most of them have blocked the bot (E27)."""
    lost = Counter(place.channel for each in people for place in each.identities if not place.is_reachable)
    return [
        t("📵 Not delivered in {messenger}: {count}", messenger=messengers.title(name), count=lost[name])
        for name in sorted(lost)
    ]


def _row(employee: Employee, department: str | None, messengers: Messengers) -> Phrase:
    invited = employee.identity(messengers.invites)
    lost = [each.channel for each in employee.identities if not each.is_reachable]
    return t(
        "{person} – {role}{department}{telegram}{lost}{disabled}",
        person=mention(employee),
        role=role_word(employee.role),
        department=verbatim(f", {department}") if department else "",
        telegram=t(", Telegram linked") if invited and invited.is_reachable else "",
        lost=t(", {messenger}: not delivered", messenger=messengers.title(lost[0])) if lost else "",
        disabled=t(", switched off") if employee.is_disabled else "",
    )


def _more(count: int) -> Phrase | None:
    rest = count - _LONGEST_LIST
    return tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None

"""What leads and administrators steer by chat: who is at work, who may do what, and what did not arrive."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import AbsenceKind
from bot.domain.employee import Employee, Role
from bot.messages import Reply
from bot.services.deliveries import Deliveries
from bot.services.departments import Departments
from bot.services.leaves import Leaves
from bot.services.people import People
from bot.text import Day, Duration, Mention, Phrase, Time, lines, t, tn, verbatim

router = Router("admin")
_LEADS = (Role.LEAD, Role.ADMIN)
_ADMINS = (Role.ADMIN,)
_LONGEST_LIST = 60


@router.command("who", t("Who is at work now"), intents=("presence",), roles=_LEADS)
async def who(turn: Turn, people: People, leaves: Leaves) -> Reply:
    """List who is at work and who is on a break, earliest first, and who is away: never why."""
    present = await people.at_work(turn.portal)
    away = await _away(turn, people, leaves)
    if not present:
        return turn.say(lines(t("Nobody is at work now."), *away))
    rows = []
    for each in present[:_LONGEST_LIST]:
        session = each.session
        running = session.running_break
        person = mention(each.employee)
        if running is not None:
            length = Duration(running.length(turn.now))
            rows.append(t("☕ {person}: on a break, {length}", person=person, length=length))
        else:
            rows.append(t("🟢 {person}: since {time}", person=person, time=Time(session.started_at, session.zone)))
    heading = tn("*{count} person is at work*", "*{count} people are at work*", len(present))
    return turn.say(lines(heading, *rows, _more(len(present)), *away))


async def _away(turn: Turn, people: People, leaves: Leaves) -> list[Phrase]:
    today = turn.now.astimezone(turn.zone).date()
    names = {each.id: mention(each) for each in await people.everybody_of(turn.portal.id)}
    absences = await leaves.today(turn.portal.id, today)
    return [
        t("🌴 {person}: away until {day}", person=names[each.employee_id], day=Day(each.last))
        for each in absences
        if each.employee_id in names and each.kind is not AbsenceKind.REMOTE
    ]


@router.command("people", t("Everybody"), roles=_ADMINS)
async def everybody(turn: Turn, people: People, departments: Departments) -> Reply:
    """List everybody with their role, their department and where they can be reached."""
    found = await people.everybody_of(turn.portal.id)
    places = await departments.names(turn.portal, turn.now.astimezone(turn.zone).date())
    heading = tn("*{count} person*", "*{count} people*", len(found))
    return turn.say(
        lines(heading, *(_row(each, places.get(each.id)) for each in found[:_LONGEST_LIST]), _more(len(found)))
    )


@router.command("lead", t("Make somebody a lead"), roles=_ADMINS, params=t("name"))
async def make_lead(turn: Turn, people: People) -> Reply:
    """Let a person see presence and decide requests."""
    return await _give(turn, people, Role.LEAD, t("{person} is a lead now."))


@router.command("admin", t("Make somebody an administrator"), roles=_ADMINS, params=t("name"))
async def make_admin(turn: Turn, people: People) -> Reply:
    """Let a person steer the portal."""
    return await _give(turn, people, Role.ADMIN, t("{person} is an administrator now."))


@router.command("employee", t("Take a role away"), roles=_ADMINS, params=t("name"))
async def make_employee(turn: Turn, people: People) -> Reply:
    """Let a person do no more than record their own day."""
    return await _give(turn, people, Role.EMPLOYEE, t("{person} is an employee without further rights now."))


@router.command("disable", t("Switch somebody off"), roles=_ADMINS, params=t("name"))
async def disable(turn: Turn, people: People) -> Reply:
    """Switch a person off; what they recorded stays."""
    return await _switch(turn, people, t("{person} can no longer write to me. Recorded hours stay."), is_disabled=True)


@router.command("enable", t("Switch somebody on"), roles=_ADMINS, params=t("name"))
async def enable(turn: Turn, people: People) -> Reply:
    """Switch a person on again."""
    return await _switch(turn, people, t("{person} can write to me again."), is_disabled=False)


@router.command("resend", t("Send again what did not arrive"), roles=_ADMINS)
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


def mention(employee: Employee) -> Mention:
    """Return the person as a link where the reader's channel knows them."""
    return Mention(employee.name, employee.accounts)


async def _give(turn: Turn, people: People, role: Role, done: Phrase) -> Reply:
    if not turn.arguments:
        return turn.say(_example(turn))
    subject = await people.find(turn.portal, turn.arguments)
    await people.set_role(turn.employee, subject, role, turn.now)
    return turn.say(Phrase(done.message, {"person": mention(subject)}))


async def _switch(turn: Turn, people: People, done: Phrase, *, is_disabled: bool) -> Reply:
    if not turn.arguments:
        return turn.say(_example(turn))
    subject = await people.find(turn.portal, turn.arguments)
    await people.set_disabled(turn.employee, subject, turn.now, is_disabled=is_disabled)
    return turn.say(Phrase(done.message, {"person": mention(subject)}))


def _example(turn: Turn) -> Phrase:
    return t("Write a name after the command, for example: {command} Anna", command=turn.message.text.strip())


def _row(employee: Employee, department: str | None) -> Phrase:
    return t(
        "{person} – {role}{department}{telegram}{disabled}",
        person=mention(employee),
        role=_role(employee.role),
        department=verbatim(f", {department}") if department else "",
        telegram=t(", Telegram linked") if employee.identity("telegram") else "",
        disabled=t(", switched off") if employee.is_disabled else "",
    )


def _role(role: Role) -> Phrase:
    match role:
        case Role.ADMIN:
            return t("administrator")
        case Role.LEAD:
            return t("lead")
        case Role.EMPLOYEE:
            return t("employee")


def _more(count: int) -> Phrase | None:
    rest = count - _LONGEST_LIST
    return tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None

"""Greeting and help, fitted to the person's role and state; and everybody we do not know yet."""

import re

from bot import messages
from bot.dispatch.router import Otherwise, Router
from bot.dispatch.turn import Turn, Visit
from bot.domain.errors import AlreadyLinked
from bot.domain.people.employee import Role
from bot.domain.rights import Right, may
from bot.messages import DAY_CARD, NO_BUTTONS, IncomingKind, Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.messengers import Messengers
from bot.services.people.companies import Companies
from bot.services.people.greetings import Greetings
from bot.services.people.linking import Linking
from bot.services.people.people import People
from bot.services.planning.calendars import Calendars
from bot.services.planning.rosters import Rosters
from bot.services.workday.timesheets import Timesheets
from bot.text import Phrase, lines, t
from bot.understanding.nods import is_thanks
from bot.understanding.topics import topic_of
from bot.words.intents import ONLY_TEXT, suggestion
from handlers.cards.day import day_card, keyboard
from handlers.impossible import check_possible
from handlers.people.by_name import hours_by_name
from handlers.people.companies import joined
from handlers.people.hints import hint
from handlers.people.setup import SETUP, is_set_up, setup_card
from handlers.verdicts import asked_by_button

router = Router("start")
_GREETING = re.compile(
    r"(всем\s+)?(привет(ствую|ик)?|здравствуй(те)?|добр(ый|ое|ого)\s+(день|вечер|утр[оа]|дня)|"
    r"hi|hello|hey|(good\s+)?morning|good\s+(morning|afternoon|evening))[\s,]*(всем|коллеги|there|all|everyone)?[\s!.)👋]*",
    re.IGNORECASE,
)
"""Words that only greet."""
_FORGOT = re.compile(r"\b(?:забыл|forgot)", re.IGNORECASE)


@router.command("start", t("Begin"))
async def start(
    turn: Turn,
    linking: Linking,
    timesheets: Timesheets,
    greetings: Greetings,
    calendars: Calendars,
    rosters: Rosters,
    people: People,
    messengers: Messengers,
    companies: Companies,
) -> Reply:
    """Greet a person we know; a link that came along is opened first. Who is greeted by the messenger is greeted once.

    An administrator whose portal has no schedule yet is shown the first steps.
    """
    view = await timesheets.day(turn.employee, turn.now)
    if turn.arguments and turn.message.channel == messengers.invites:
        owner = await linking.open(turn.arguments, turn.message, turn.now)
        if owner.portal_id != turn.portal.id:
            return await joined(turn, companies)
        if owner.id != turn.employee.id:
            raise AlreadyLinked
        return turn.say(t("This Telegram account is linked to you already. All is well."), keyboard(view))
    opened = turn.message.kind is IncomingKind.GREETING
    if opened and (len(turn.employee.identities) > 1 or await greetings.greeted_at(turn.employee)):
        return Reply()
    await greetings.note(turn.employee, turn.message.channel, turn.now)
    hello = t(
        "Hello, {name}! I keep your working hours. Tap a button or just write, as to a colleague.",
        name=_first_name(turn),
    )
    if may(turn.employee, Right.INTRODUCE) and not await is_set_up(turn, rosters):
        card, buttons = await setup_card(turn, calendars, rosters, people, greetings)
        return Reply((turn.place(lines(hello, *card.lines), buttons, SETUP),))
    text = lines(hello, suggestion(view.state, turn.employee.name))
    return Reply((Say(text, keyboard(view), slot=DAY_CARD),))


@router.otherwise(Otherwise.INVITED)
async def invited(turn: Turn) -> Reply:
    """Say in a group chat what the bot is for, and where to talk with it: hours are nobody else's business."""
    return turn.say(
        lines(
            t("Hello! I keep working hours and approvals, and talk with each of you in private: open a chat with me."),
            t("There you can write “in”, “out”, “break”, “vacation from 1 to 14 July”, “my week”. All I can do: /help"),
        )
    )


@router.command("help", t("What I can do"), intents=("help",))
async def show_help(turn: Turn, timesheets: Timesheets) -> Reply:
    """Say what the person can do now, shortest way first."""
    view = await timesheets.day(turn.employee, turn.now)
    text = lines(
        t("*What you can write*"),
        suggestion(view.state, turn.employee.name),
        t("A time works too: “left at 18:30”, “break since 13:00”."),
        t("“running late”, “working from home today”, “how much is left” – one line is enough."),
        t("“today”, “my week”, “June” – your hours. “undo” – take the last mark back (five minutes)."),
        t("“what is wrong with my month” – what can be fixed; “my week is right” – confirm it."),
        t("“vacation from 1 to 14 July”, “overtime yesterday 2 hours” – your lead is asked. Later: “my requests”."),
        t("“my schedule” – your shifts and days off; “calendar link” – the same on your phone."),
        t("“do not remind me until Monday” – quiet. “my data” – everything I know about you."),
        t("/link – link Telegram. /settings – language, time zone, what I send you and where."),
        _for_leads() if may(turn.employee, Right.DECIDE) else None,
        _for_accountants() if turn.employee.role is Role.ACCOUNTANT else None,
        _for_admins() if turn.employee.role is Role.ADMIN else None,
    )
    return turn.hint(text, keyboard(view))


def _for_leads() -> Phrase:
    return t(
        "*For leads:* “my approvals”, “approve all” – what waits for you. “Anna left yesterday at 19:00” – correct for "
        "somebody. /who – who is at work now, “who's out tomorrow”. “team last week”, “who was late yesterday”, "
        "“Anna's hours for June” – the hours of your people. “schedule Anna 9-18”, “shift Boris 2/2 from 1 June 20-8”, "
        "“Boris 6 June day off” – what is planned for your people."
    )


def _for_accountants() -> Phrase:
    return t(
        "*For accountants:* “timesheet June t-13” – everybody's hours as a file; “team last week”, "
        "“Anna's hours for June” – in the chat. “who has not confirmed”, “close June”, /reopen – the month's end. "
        "/number, /hired, /org, /okpo – what form T-13 asks for. “30 April is a working day” – the calendar. "
        "Requests are decided by leads; why somebody asked stays between the two of them."
    )


def _for_admins() -> Phrase:
    return t(
        "*For administrators:* /people – everybody. "
        "/lead, /accountant, /admin, /employee and a name – what a person may do. "
        "/disable, /enable and a name – access. /resend – send again what did not arrive. "
        "“timesheet June t-13”, “close June” – the month's end. “30 April is a working day” – the calendar. "
        "/number, /hired, /org, /okpo – what form T-13 asks for. “settings” – what counts for the whole portal."
    )


@router.otherwise(Otherwise.STRANGER)
async def stranger(visit: Visit, linking: Linking, timesheets: Timesheets) -> Reply:
    """Let somebody with a one-time link in, and tell everybody else kindly how to get one."""
    command, _, token = visit.message.text.strip().partition(" ")
    if command == "/start" and token.strip():
        employee = await linking.open(token.strip(), visit.message, visit.now)
        view = await timesheets.day(employee, visit.now)
        hello = t("✅ Telegram is linked, {name}. Here is your day:", name=employee.name)
        text, buttons = day_card(view)
        return Reply((Say(lines(hello, *text.lines), buttons, slot=DAY_CARD),))
    code = linking.ask(visit.message, visit.now)
    return visit.say(
        lines(
            t("Hello! I keep working hours for companies on Bitrix24, and I do not know you yet."),
            t("Open the chat with me in your Bitrix24 and write there:"),
            t("*/link {code}*", code=code),
            t("The code lives ten minutes. If you do not see me in Bitrix24, ask your administrator."),
        )
    )


@router.otherwise(Otherwise.NOT_UNDERSTOOD)
async def not_understood(
    turn: Turn,
    timesheets: Timesheets,
    people: People,
    greetings: Greetings,
    approvals: Approvals,
    courses: Courses,
    arounds: Arounds,
    seals: Seals,
) -> Reply:
    """Say that the words were not understood, and what would be; return a greeting, ask for times that are missing."""
    if is_thanks(turn.message.text):
        return thumb(turn)
    check_possible(turn.message.text, turn)
    if (by_button := await asked_by_button(turn, approvals, courses, people, arounds, seals)) is not None:
        return by_button
    if (named := await hours_by_name(turn, people)) is not None:
        return named
    said, who = turn.message.text.strip(), turn.employee
    view = await timesheets.day(who, turn.now)
    if _GREETING.fullmatch(said):
        if await greetings.is_fresh(who, turn.message.channel, turn.now):
            return Reply((), turn.state)  # the greeting right above is the answer
        await greetings.note(who, turn.message.channel, turn.now)
        hello = t("Hello, {name}!", name=_first_name(turn))
        return turn.hint(lines(hello, suggestion(view.state, who.name), t("All I can do: /help")), keyboard(view))
    if _FORGOT.search(said):
        asked = t("Forgot a mark? Write it with its times, for example: “worked yesterday from 9 to 18”.")
        return turn.hint(asked, keyboard(view))
    topic = topic_of(said)
    admins = await people.administrators(turn.portal.id)
    lead = await people.get(who.lead_id, turn.portal.id) if who.lead_id else None
    lead = lead if lead is not None and may(lead, Right.DECIDE) else None
    text = hint(topic, who, lead, admins, view.state)
    return turn.hint(text, keyboard(view) if topic in (None, "bot", "marks") else NO_BUTTONS)


def thumb(turn: Turn) -> Reply:
    """Answer thanks and a nod as a person would; what is asked stays asked."""
    words = t("👍 If you need anything: /help") if any(map(str.isalpha, turn.message.text)) else t("👍")
    return Reply((Say(words),), turn.state)


def _first_name(turn: Turn) -> str:
    return turn.employee.name.split(" ", maxsplit=1)[0]


@router.otherwise(Otherwise.UNKNOWN_COMMAND)
async def unknown_command(turn: Turn) -> Reply:
    """Say that there is no such command."""
    return turn.say(t("I have no such command. All I can do: /help"))


@router.otherwise(Otherwise.EDITED)
async def edited(turn: Turn) -> Reply:
    """An edited message is not a command (case 18)."""
    return turn.say(t("You edited an earlier message. I only read new ones: please write it again."))


@router.otherwise(Otherwise.UNREADABLE)
async def unreadable(turn: Turn) -> Reply:
    """Pictures, stickers and voice are not read."""
    return turn.say(ONLY_TEXT)


@router.otherwise(Otherwise.NOT_OWN)
async def not_own(turn: Turn) -> Reply:
    """Forwarded words are another's, or of another moment: nobody's mark, answer or order."""
    match turn.message.data:
        case messages.SCHEDULED:
            words = t("That was sent by itself, at a time set before. I only take what you write at the moment.")
        case messages.VIA_BOT:
            words = t("That came through another bot. I only take what you write to me yourself.")
        case _:
            words = t("I do not read forwarded messages. If it is about you, please write it to me yourself.")
    return turn.say(words)


@router.otherwise(Otherwise.STALE_BUTTON)
async def stale_button(turn: Turn, timesheets: Timesheets) -> Reply:
    """A button that means nothing to us shows the day as it is."""
    text, buttons = day_card(
        await timesheets.day(turn.employee, turn.now), t("That button no longer works; here are the ones that do.")
    )
    return turn.card(text, buttons)


@router.command("cancel", t("Drop the question that is open"))
async def cancel(turn: Turn) -> Reply:
    """End the open dialog."""
    if turn.state is None:
        return turn.say(t("There is nothing to cancel. To take back a mark, write “undo”."))
    return turn.conclude(t("Dropped. Nothing was changed."))

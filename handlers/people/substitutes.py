"""Who stands in for whom in chat: named with a read-back, shown, taken back by words or a button; both are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.events import SubstituteNamed, SubstituteTakenBack
from bot.domain.people.employee import Employee
from bot.domain.people.substitute import Substitute
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.services.people.people import People
from bot.services.people.substitutes import Substitutes
from bot.text import Phrase, lines, t
from bot.words.people import mention
from bot.words.substitutes import of_one_seat, stands_in, substitute_span
from handlers.read_back import ReadBack, read_back

router = Router("substitutes")
_HOW = t("To name somebody, write for example: “Anna stands in for me until Friday”.")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class NameSubstitute(ReadBack):
    """Somebody would stand in for somebody."""

    subject_id: int
    person_id: int
    first: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class EndSubstitutePressed(Action, code="sb"):
    """Take back that a person stands in for another."""

    subject_id: int
    person_id: int


@router.said("substitute")
async def name_substitute(turn: Turn, substitutes: Substitutes, people: People) -> Reply:
    """Read back who would stand in for whom and when; whoever may not say so is refused at once."""
    slots = turn.understood.slots
    if "person" not in slots:
        return turn.say(_HOW)
    subject = await people.find(turn.portal, str(slots["whom"])) if "whom" in slots else turn.employee
    person = await people.find(turn.portal, str(slots["person"]))
    first = _day(slots.get("from_day")) or subject.today(turn.now)
    last = _day(slots.get("to_day"))
    first = await substitutes.check(turn.employee, subject, person, first, last, turn.now)
    asked = NameSubstitute(subject.id, person.id, first.isoformat(), last.isoformat() if last else "")
    text = lines(
        t("Did I get it right?"),
        stands_in(turn.employee, subject, person),
        substitute_span(first, last),
        t("It counts on days of absence: then requests on routes come to the substitute."),
        of_one_seat(subject, person),
    )
    return read_back(turn, asked, text)


@router.agreed(NameSubstitute)
async def keep_substitute(turn: Turn, asked: NameSubstitute, substitutes: Substitutes, people: People) -> Reply:
    """Keep it as it was read back; everything is checked once more."""
    subject = await people.get(asked.subject_id, turn.portal.id)
    person = await people.get(asked.person_id, turn.portal.id)
    if subject is None or person is None:
        return turn.conclude(_HOW)
    last = date.fromisoformat(asked.last) if asked.last else None
    made = await substitutes.name(turn.employee, subject, person, date.fromisoformat(asked.first), last, turn.now)
    text = lines(
        t("✅ Written down."),
        stands_in(turn.employee, subject, person),
        substitute_span(made.first_day, made.last_day),
        t("{person} is told.", person=person.name) if person.id != turn.employee.id else None,
    )
    return turn.conclude(text, Keyboard.of(_end_button(subject, person)))


@router.said("substitutes")
async def show_substitutes(turn: Turn, substitutes: Substitutes, people: People) -> Reply:
    """Say who stands in for whoever asks, and for whom they stand in, with a way to take it back."""
    of, by = await substitutes.of(turn.employee, turn.now), await substitutes.by(turn.employee, turn.now)
    names = {each.id: each for each in await people.everybody_of(turn.portal.id)} if of or by else {}
    for_me = [(names[each.substitute_id], each) for each in of if each.substitute_id in names][:_SHOWN]
    for_them = [(names[each.employee_id], each) for each in by if each.employee_id in names][:_SHOWN]
    text = lines(
        t("🔁 *Who stands in for you*") if for_me else t("Nobody stands in for you."),
        *(_row(person, each) for person, each in for_me),
        None if for_me else _HOW,
        t("🔁 *For whom you stand in*") if for_them else None,
        *(_row(person, each) for person, each in for_them),
    )
    once = {person.id: person for person, _ in for_me}.values()
    buttons = [_end_button(turn.employee, person) for person in once]
    return turn.say(text, Keyboard.of(*buttons) if buttons else NO_BUTTONS)


@router.said("no_substitute")
async def end_substitute(turn: Turn, substitutes: Substitutes, people: People) -> Reply:
    """Take back at once who stands in, one person or all."""
    slots = turn.understood.slots
    subject = await people.find(turn.portal, str(slots["whom"])) if "whom" in slots else turn.employee
    person = await people.find(turn.portal, str(slots["person"])) if "person" in slots else None
    ended = await substitutes.take_back(turn.employee, subject, turn.now, person)
    return turn.say(await _ended(turn, subject, ended, people))


@router.pressed(EndSubstitutePressed)
async def end_pressed(turn: Turn, press: EndSubstitutePressed, substitutes: Substitutes, people: People) -> Reply:
    """The same by a button; a second press finds nothing to take back."""
    subject = await people.get(press.subject_id, turn.portal.id)
    person = await people.get(press.person_id, turn.portal.id)
    if subject is None or person is None:
        return turn.conclude(_HOW)
    ended = await substitutes.take_back(turn.employee, subject, turn.now, person)
    return turn.say(await _ended(turn, subject, ended, people))


@router.happened(SubstituteNamed)
async def tell_named(event: SubstituteNamed, people: People) -> Sequence[Notice]:
    """Whoever stands in is told, and whose substitute was named by somebody else."""
    found = await _concerned(event, people)
    if found is None:
        return ()
    subject, person = found
    span = substitute_span(event.first, event.last)
    notices = []
    if person.id != event.by_id:
        whom = mention(subject)
        named = t("🔁 You stand in for {person} on days when they are away.", person=whom)
        notices.append(Notice(person, Say(lines(named, span))))
    if subject.id != event.by_id:
        told = t("🔁 On days when you are away, {person} stands in for you.", person=mention(person))
        notices.append(Notice(subject, Say(lines(told, span))))
    return notices


@router.happened(SubstituteTakenBack)
async def tell_taken_back(event: SubstituteTakenBack, people: People) -> Sequence[Notice]:
    """The same where it is over."""
    found = await _concerned(event, people)
    if found is None:
        return ()
    subject, person = found
    notices = []
    if person.id != event.by_id:
        over = t("You do not stand in for {person} any more.", person=mention(subject))
        notices.append(Notice(person, Say(over)))
    if subject.id != event.by_id:
        told = t("{person} does not stand in for you any more.", person=mention(person))
        notices.append(Notice(subject, Say(told)))
    return notices


async def _concerned(event: SubstituteNamed | SubstituteTakenBack, people: People) -> tuple[Employee, Employee] | None:
    subject = await people.get(event.employee_id, event.portal_id)
    person = await people.get(event.substitute_id, event.portal_id)
    return None if subject is None or person is None else (subject, person)


async def _ended(turn: Turn, subject: Employee, ended: Sequence[Substitute], people: People) -> Phrase:
    is_own = subject.id == turn.employee.id
    found = [await people.get(each, turn.portal.id) for each in dict.fromkeys(each.substitute_id for each in ended)]
    names = ", ".join(each.name for each in found if each is not None)
    if not names:
        nobody = t("{person}: nobody stands in.", person=mention(subject))
        return t("Nobody stands in for you.") if is_own else nobody
    if is_own:
        return t("✅ No substitute for you any more: {names}. What came already stays there.", names=names)
    return t("✅ {person}: no substitute any more ({names}).", names=names, person=mention(subject))


def _row(person: Employee, substitute: Substitute) -> Phrase:
    return t(
        "• {person}: {days}", person=mention(person), days=substitute_span(substitute.first_day, substitute.last_day)
    )


def _end_button(subject: Employee, person: Employee) -> Button:
    return Button(t("Take back: {person}", person=person.name), EndSubstitutePressed(subject.id, person.id))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None

"""Blanks of a template asked one by one: people, a department or a group, read back, and put there after a yes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.lacking import Lack, LackKind
from bot.domain.approvals.who import ByDepartment, ByGroup
from bot.domain.errors import AmbiguousPerson, UnknownPerson
from bot.domain.people.employee import Employee, Role
from bot.ids import long, short
from bot.messages import Button, Keyboard, Reply, Say
from bot.services.approvals.blanks import Blanks, Candidate
from bot.services.approvals.templates import KeptTemplate, Templates
from bot.services.people.groups import Groups
from bot.services.people.people import People
from bot.text import Phrase, lines, t, tn, verbatim
from bot.words.templates import blank_question, lack_words, title_of
from handlers.cards.templates import template_buttons
from handlers.read_back import OVER, Question, ReadBack, in_words, read_back, still_open

router = Router("blanks")
_MOST_OFFERED = 6
_MOST_NAMED = 10
_NO = ("decline", "cancel", "undo")


@dataclass(frozen=True, slots=True)
class AskBlank(Question):
    """We asked who is in a group that a template names; where a name can mean several, with what it can mean."""

    key: str
    group: str
    options: list[dict[str, Any]] = field(default_factory=list)
    """Departments and groups, as templates name them, that the buttons stand for."""


@dataclass(frozen=True, slots=True)
class BlankPressed(Action, code="tb"):
    """It is that person."""

    nonce: str
    person: str

    def __post_init__(self) -> None:
        """Take no forged words for a person."""
        long(self.person)


@dataclass(frozen=True, slots=True)
class BlankChosen(Action, code="tbo"):
    """It is that department or group, of those that were offered."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class FillBlank(ReadBack):
    """Whom we understood to be in the group."""

    key: str
    group: str
    members: list[int]


@dataclass(frozen=True, slots=True)
class PutInBlank(ReadBack):
    """Which department or group we understood to stand where the blank is."""

    key: str
    group: str
    who: dict[str, Any]


async def ask_next(turn: Turn, kept: KeptTemplate, templates: Templates, people: People) -> Reply:
    """Ask for the first blank; where there is none any more, offer to switch the template on."""
    missing = await templates.lacks(turn.portal, kept.template, turn.now)
    blank = next((each for each in missing if each.kind is LackKind.BLANK), None)
    if blank is None:
        text = lines(
            t("Everything is filled in: *{title}*.", title=title_of(kept, turn.employee.locale)),
            *(t("❗️ {lack}", lack=lack_words(each, turn.employee.locale)) for each in missing),
        )
        return turn.conclude(text, template_buttons(kept, missing))
    asked = AskBlank(kept.key, blank.name)
    offered = await _likely(turn, people) if blank.needed == 1 else []
    return turn.ask(asked, _question(blank), Keyboard.of(*_people_buttons(asked, offered), asked.no_button))


async def _likely(turn: Turn, people: People) -> list[Employee]:
    """Return who is offered as a button: who leads or steers first, by name."""
    everybody = [each for each in await people.everybody_of(turn.portal.id) if not each.is_disabled]
    return sorted(everybody, key=lambda each: each.role is Role.EMPLOYEE)[:_MOST_OFFERED]


def _people_buttons(asked: AskBlank, people: Sequence[Employee]) -> list[Button]:
    return [Button(verbatim(each.name), BlankPressed(asked.nonce, short(each.id))) for each in people]


def _question(blank: Lack) -> Phrase:
    question = blank_question(blank)
    if blank.needed > 1:
        return tn(
            "{question} At least {count} person: write names with commas between them, or a department.",
            "{question} At least {count} people: write names with commas between them, or a department.",
            blank.needed, question=question,
        )  # fmt: skip
    return t("{question} Write a name, several with commas between them, or a department.", question=question)


@router.answered(AskBlank)
async def blank_answered(
    turn: Turn, asked: AskBlank, groups: Groups, blanks: Blanks, templates: Templates, people: People
) -> Reply:
    """Read back who was named; words that name nobody and mean something else are passed on."""
    if turn.understood.intent in _NO:
        return turn.conclude(asked.dropped)
    try:
        return await _heard(turn, asked, groups, blanks, templates, people)
    except (UnknownPerson, AmbiguousPerson):
        if turn.understood.intent is not None:
            return turn.pass_on()
        raise


async def _heard(
    turn: Turn, asked: AskBlank, groups: Groups, blanks: Blanks, templates: Templates, people: People
) -> Reply:
    """Read back whom an answer names, or ask which of several; what names nobody is refused as names are."""
    said = turn.message.text
    try:
        return await _read_back_blank(turn, asked, await groups.people_named(turn.portal, said), groups)
    except (UnknownPerson, AmbiguousPerson) as refusal:
        kept = await templates.get(turn.portal, asked.key)
        missing = await templates.lacks(turn.portal, kept.template, turn.now)
        blank = next((each for each in missing if each.kind is LackKind.BLANK and each.name == asked.group), None)
        if blank is None:
            raise
        means_else = turn.understood.intent is not None
        found = await blanks.meant(turn.portal, said, blank, turn.now, in_full=means_else)
        is_choice = isinstance(refusal, AmbiguousPerson) and blank.needed == 1
        fitting = (await people.fitting(turn.portal, said))[:_MOST_OFFERED] if is_choice else []
        if not found and not fitting:
            raise
    if len(found) == 1 and not fitting:
        found[0].check(blank)
        return await _read_back_meant(turn, asked, found[0], groups)
    again = AskBlank(asked.key, asked.group, [each.who.model_dump(mode="json") for each in found[:_MOST_OFFERED]])
    buttons = [
        *_people_buttons(again, fitting),
        *(Button(_called(each), BlankChosen(again.nonce, number)) for number, each in enumerate(found[:_MOST_OFFERED])),
    ]
    return turn.ask(again, t("Who is meant?"), Keyboard.of(*buttons, again.no_button))


@router.pressed(BlankPressed)
async def blank_pressed(turn: Turn, press: BlankPressed, groups: Groups, people: People) -> Reply:
    """Read back who was chosen by the button."""
    asked = still_open(turn, AskBlank, press.nonce)
    person = await people.get(long(press.person), turn.portal.id)
    if asked is None or person is None:
        return turn.say(OVER)
    return await _read_back_blank(turn, asked, [person], groups)


@router.pressed(BlankChosen)
async def blank_chosen(turn: Turn, press: BlankChosen, groups: Groups, blanks: Blanks) -> Reply:
    """Read back which department or group was chosen by the button."""
    asked = still_open(turn, AskBlank, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.options):
        return turn.say(OVER)
    found = await blanks.candidate(turn.portal, _who(asked.options[press.number]), turn.now)
    return turn.say(OVER) if found is None else await _read_back_meant(turn, asked, found, groups)


async def _read_back_blank(turn: Turn, asked: AskBlank, people: Sequence[Employee], groups: Groups) -> Reply:
    group = await groups.by_slug(turn.portal, asked.group, turn.employee.locale)
    text = t("{group}: {people}. Is that right?", group=group.title, people=", ".join(each.name for each in people))
    return read_back(turn, FillBlank(asked.key, asked.group, [each.id for each in people]), text)


async def _read_back_meant(turn: Turn, asked: AskBlank, found: Candidate, groups: Groups) -> Reply:
    """Say whom a department or group means as things are: whoever is there by then is asked."""
    group = await groups.by_slug(turn.portal, asked.group, turn.employee.locale)
    names, more = ", ".join(each.name for each in found.people[:_MOST_NAMED]), len(found.people) - _MOST_NAMED
    people: Phrase = verbatim(names or "–")
    if more > 0:
        people = tn("{names} and {count} more", "{names} and {count} more", more, names=names)
    text = t(
        "{group}: {who}. Now that is: {people}. Is that right?", group=group.title, who=_called(found), people=people
    )
    return read_back(turn, PutInBlank(asked.key, asked.group, found.who.model_dump(mode="json")), text)


def _called(found: Candidate) -> Phrase:
    match found.who:
        case ByGroup():
            return t("the group “{name}”", name=found.name)
        case ByDepartment(who="head"):
            return t("the head of “{department}”", department=found.name)
        case _:
            return t("everybody in “{department}”", department=found.name)


def _who(form: dict[str, Any]) -> ByDepartment | ByGroup:
    kind = ByGroup if form.get("by") == "group" else ByDepartment
    return kind.model_validate(form)


@router.answered(FillBlank)
async def blank_named_anew(
    turn: Turn, asked: FillBlank, groups: Groups, blanks: Blanks, templates: Templates, people: People
) -> Reply:
    """Instead of a yes somebody else is named: they are read back; any other word is as it always is."""
    return await _anew(turn, asked, AskBlank(asked.key, asked.group), groups, blanks, templates, people)


@router.answered(PutInBlank)
async def meant_anew(
    turn: Turn, asked: PutInBlank, groups: Groups, blanks: Blanks, templates: Templates, people: People
) -> Reply:
    """Instead of a yes somebody else is named, as well."""
    return await _anew(turn, asked, AskBlank(asked.key, asked.group), groups, blanks, templates, people)


async def _anew(
    turn: Turn,
    asked: ReadBack,
    blank: AskBlank,
    groups: Groups,
    blanks: Blanks,
    templates: Templates,
    people: People,
) -> Reply:
    if turn.understood.intent is None:
        try:
            return await _heard(turn, blank, groups, blanks, templates, people)
        except (UnknownPerson, AmbiguousPerson):
            return Reply((Say(t("Is it right as it stands above? Yes, no, or another name, please.")),), asked)
    said: Reply = await in_words(turn, asked)
    return said


@router.agreed(FillBlank)
async def blank_filled(turn: Turn, asked: FillBlank, groups: Groups, templates: Templates, people: People) -> Reply:
    """Keep the group, and ask for the next blank."""
    group = await groups.by_slug(turn.portal, asked.group, turn.employee.locale)
    await groups.put(turn.employee, group.with_members(asked.members), turn.now)
    return await ask_next(turn, await templates.get(turn.portal, asked.key), templates, people)


@router.agreed(PutInBlank)
async def meant_filled(turn: Turn, asked: PutInBlank, blanks: Blanks, templates: Templates, people: People) -> Reply:
    """Name the department or the group in the template, in a new version of it, and ask for the next blank."""
    kept = await templates.get(turn.portal, asked.key)
    after = await blanks.fill(turn.employee, turn.portal, kept, asked.group, _who(asked.who), turn.now)
    return await ask_next(turn, after, templates, people)

"""Begin a request by a template: its fields one by one, a look at who would be asked, and only then is it sent."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.files import LARGEST, RequestFile, with_files
from bot.domain.approvals.preview import Preview
from bot.domain.approvals.read_fields import filled_in
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.told import stage_called, titled
from bot.domain.rights import Right, may
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.asked_for import asked_for, fields_said, named, near
from bot.services.approvals.attachments import Attachments
from bot.services.approvals.courses import Courses, Standing, Startable, TemplateOff
from bot.services.approvals.form_values import FormValues, Unreadable, asked_before
from bot.services.approvals.objects import Filled, PortalObjects
from bot.services.approvals.seals import Seals
from bot.services.approvals.structure import PortalStructure
from bot.services.approvals.templates import Templates
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.text import DayTime, Phrase, Value, lines, t, verbatim
from bot.words.files import file_words
from bot.words.routed import field_lines, names, shown, title
from bot.words.routed_refusals import refused
from handlers.approvals.routed import shown_card, true_card, up_to_date
from handlers.approvals.routed_deals import deals_told
from handlers.approvals.routed_files import taken
from handlers.cards.routed import RoutedAgainPressed, RoutedChangePressed
from handlers.read_back import Question, ReadBack, in_words, read_back, still_open

router = Router("routed start")
MOST_OFFERED = 20
LONGEST_LABEL = 40
MOST_NAMED = 3
_NOT_FOR_A_FORM = ("check_in", "check_out")
"""No field is answered by a bare mark: whoever writes it while a form waits has come or goes."""
OVER_HERE = t("That question is over. If it still matters, please begin again: /request")


@dataclass(frozen=True, slots=True)
class StartPressed(Action, code="rt"):
    """Begin a request by this template."""

    key: str


@dataclass(frozen=True, slots=True)
class AskTemplate(Question):
    """Several templates may be meant; what was said of the request is kept meanwhile."""

    dropped: ClassVar[Words] = t("Dropped. Nothing was sent.")
    keys: list[str]
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateChosen(Action, code="rq"):
    """That template of those that were offered."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class ChoicePressed(Action, code="rc"):
    """One of a field's choices; -1 leaves the field as it is."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class AnswerField(Question):
    """One field of a form was asked for; the others are kept here. A file is its answer, or goes beside them."""

    takes_files: ClassVar[bool] = True
    no: ClassVar[Words] = t("✖️ Do not send")
    dropped: ClassVar[Words] = t("Dropped. Nothing was sent.")
    key: str
    version: int
    place: int
    fields: dict[str, Any] = field(default_factory=dict)
    request_id: int = 0
    """The request that is changed, 0 for a new one."""
    files: list[int] = field(default_factory=list)
    parent_id: int = 0
    """The request that has ended and is asked for again, 0 where it is none."""
    offered: list[str] = field(default_factory=list)
    """Fields that hold what was read of a deal, until somebody agrees to it."""


@dataclass(frozen=True, slots=True)
class SendRequest(ReadBack):
    """We showed who would be asked, and wait for a yes; a file that still comes is added, and shown."""

    takes_files: ClassVar[bool] = True
    yes: ClassVar[Words] = t("📨 Send")
    no: ClassVar[Words] = t("✖️ Do not send")
    dropped: ClassVar[Words] = t("Dropped. Nothing was sent.")
    key: str
    version: int
    fields: dict[str, Any] = field(default_factory=dict)
    request_id: int = 0
    files: list[int] = field(default_factory=list)
    parent_id: int = 0


@dataclass(frozen=True, slots=True)
class LeaveFilesOut(Action, code="rfo"):
    """Send it without the files that fill no field."""

    nonce: str


@router.command(
    "request", t("Ask for something by a template"), intents=("start_request",), params=t("what, if you like")
)
async def choose(
    turn: Turn, courses: Courses, templates: Templates, people: People, values: FormValues, objects: PortalObjects
) -> Reply:
    """Begin the one that is meant, with what was said of it; several, and where none was named, are offered."""
    slots = turn.understood.slots
    said, fields = turn.arguments, {}
    if not said and turn.understood.intent == "start_request":
        told = slots.get("fields")
        said, fields = str(slots.get("template", "")), dict(told) if isinstance(told, Mapping) else {}
    offered = await courses.startable(turn.portal, turn.employee, turn.now)
    if not offered:
        return turn.say(await _nothing_on(turn, people))
    if not said:
        return _ask_which(turn, offered, {}, t("What do you want to ask for?"))
    found, rest = asked_for(offered, said, str(fields.get("text", "")))
    if len(found) == 1:
        return await begin(turn, found[0], _with_text(fields, rest), templates, values, objects)
    if found:
        return _ask_which(turn, found, fields, t("Which of these?"))
    likely = near(offered, said)
    name = said[:LONGEST_LABEL]
    if likely:
        return _ask_which(turn, likely, fields, t("There is no template “{name}”. Perhaps this?", name=name))
    return _ask_which(turn, offered, fields, t("There is no template “{name}” here. This can be asked for:", name=name))


def _with_text(fields: Mapping[str, Any], text: str) -> dict[str, Any]:
    rest = {name: value for name, value in fields.items() if name != "text"}
    return {**rest, "text": text} if text else rest


async def _nothing_on(turn: Turn, people: People) -> Phrase:
    """Say that nothing can be asked for yet, and who can change that."""
    if may(turn.employee, Right.KEEP_RULES):
        return t("No template that you can start is switched on. You can switch one on: /templates")
    admins = [each.name for each in await people.administrators(turn.portal.id)]
    if not admins:
        return t("No template that you can start is switched on. An administrator can do that.")
    return t(
        "No template that you can start is switched on. Whom to ask for it: {names}",
        names=", ".join(admins[:MOST_NAMED]),
    )


def _ask_which(turn: Turn, offered: Sequence[Startable], fields: Mapping[str, Any], text: Phrase) -> Reply:
    """Offer templates as buttons; what was said already is kept for the one that is chosen."""
    labels = [verbatim(_title(each.template, turn.employee.locale)[:LONGEST_LABEL]) for each in offered[:MOST_OFFERED]]
    keys = [each.version.key for each in offered[:MOST_OFFERED]]
    if not fields:  # nothing is to be kept, so such a button never grows old
        rows = [Button(label, StartPressed(key)) for label, key in zip(labels, keys, strict=True)]
        return turn.say(text, Keyboard.of(*rows))
    asked = AskTemplate(keys, dict(fields))
    rows = [Button(label, TemplateChosen(asked.nonce, place)) for place, label in enumerate(labels)]
    return turn.ask(asked, text, Keyboard.of(*rows))


@router.pressed(TemplateChosen)
async def which_pressed(
    turn: Turn,
    press: TemplateChosen,
    courses: Courses,
    templates: Templates,
    values: FormValues,
    objects: PortalObjects,
) -> Reply:
    """It is that one: its form begins, with what was said before."""
    asked = still_open(turn, AskTemplate, press.nonce)
    if asked is None:
        return turn.say(OVER_HERE)
    if not 0 <= press.number < len(asked.keys):
        raise TemplateOff
    found = await _startable(turn, asked.keys[press.number], courses)
    return await begin(turn, found, asked.fields, templates, values, objects)


@router.answered(AskTemplate)
async def which_written(
    turn: Turn, asked: AskTemplate, courses: Courses, templates: Templates, values: FormValues, objects: PortalObjects
) -> Reply:
    """A name says it as well as a button; words that mean something of their own are no answer."""
    intent = turn.understood.intent
    if intent in ("cancel", "decline"):
        return turn.conclude(asked.dropped)
    if intent is not None:
        return turn.pass_on()
    offered = await courses.startable(turn.portal, turn.employee, turn.now)
    found = named([each for each in offered if each.version.key in asked.keys], turn.message.text)
    if len(found) != 1:
        return turn.pass_on()
    return await begin(turn, found[0], asked.fields, templates, values, objects)


def _title(template: ApprovalTemplate, locale: str) -> str:
    return titled(template.route.title, template.route.key, locale)


@router.pressed(StartPressed)
async def chosen(
    turn: Turn, press: StartPressed, courses: Courses, templates: Templates, values: FormValues, objects: PortalObjects
) -> Reply:
    """A template was chosen: ask for its first field."""
    found = await _startable(turn, press.key, courses)
    return await begin(turn, found, {}, templates, values, objects)


async def _startable(turn: Turn, key: str, courses: Courses) -> Startable:
    offered = await courses.startable(turn.portal, turn.employee, turn.now)
    found = next((each for each in offered if each.version.key == key), None)
    if found is None:
        raise TemplateOff
    return found


async def begin(
    turn: Turn,
    found: Startable,
    fields: Mapping[str, Any],
    templates: Templates,
    values: FormValues,
    objects: PortalObjects,
) -> Reply:
    """Ask for what is not known yet; what was said already is read as the form reads it."""
    known: dict[str, Any] = {}
    said = fields_said(found.template.form, fields)
    for each in found.template.form:
        if each.key in said:
            try:
                known[each.key] = await values.read(turn.portal, turn.employee, each, said[each.key], turn.now)
            except Unreadable:
                continue
    form = found.template.form
    filled = await objects.read_into(turn.portal, turn.employee, form, form, Filled(known))
    asked = AnswerField(found.version.key, found.version.version, 0, filled.fields, offered=filled.offered)
    return await _next(turn, asked, found.template, templates, told=deals_told(filled))


@router.pressed(RoutedChangePressed)
async def change(turn: Turn, press: RoutedChangePressed, courses: Courses, templates: Templates, seals: Seals) -> Reply:
    """What was sent back is changed: its fields are gone through, each as it is or as another."""
    request_id = seals.opened(press.request, press.seal, "own f", press.round, *turn.message.written_by)
    standing = await up_to_date(turn, await courses.get(turn.portal.id, request_id), courses)
    if press.round != standing.request.round or standing.running.status != "rework":
        return true_card(turn, standing, "stale", seals)
    request = standing.request
    fields = filled_in(standing.template.form, standing.running.subject)
    files = request.present_files
    asked = AnswerField(request.template, request.template_version, 0, fields, request.id, [each.id for each in files])
    return await _next(turn, asked, standing.template, templates, files)


@router.pressed(RoutedAgainPressed)
async def again(
    turn: Turn,
    press: RoutedAgainPressed,
    courses: Courses,
    templates: Templates,
    seals: Seals,
    objects: PortalObjects,
) -> Reply:
    """What has ended is asked for again: a new request, its fields as they were to begin with (E57)."""
    request_id = seals.opened(press.request, press.seal, "own g", press.round, *turn.message.written_by)
    standing = await courses.standing(await courses.get(turn.portal.id, request_id), turn.now)
    return await begin_again(turn, standing, courses, templates, objects)


async def begin_again(
    turn: Turn, standing: Standing, courses: Courses, templates: Templates, objects: PortalObjects
) -> Reply:
    """Go through the form of the template as it is today, with what was asked for last time."""
    request = standing.request
    found = await _startable(turn, request.template, courses)
    known = asked_before(standing, found.template)
    form = found.template.form
    filled = await objects.read_into(turn.portal, turn.employee, form, form, Filled(known))
    asked = AnswerField(request.template, found.version.version, 0, filled.fields, parent_id=request.id)
    return await _next(turn, asked, found.template, templates, told=deals_told(filled))


async def _next(
    turn: Turn,
    asked: AnswerField,
    template: ApprovalTemplate,
    templates: Templates,
    files: Sequence[RequestFile] = (),
    told: Sequence[Phrase] = (),
) -> Reply:
    """Ask for the next field that is not known, or show what would be sent; first say what was just `told`."""
    place, is_gone_through = asked.place, bool(asked.request_id or asked.parent_id)
    while place < len(template.form) and not is_gone_through and _is_known(template.form[place].key, asked):
        place += 1
    if place >= len(template.form):
        return await _look(turn, asked, template, templates, files, told)
    asked = replace(asked, place=place)
    return turn.ask(asked, lines(*told, *_question(turn, asked, template, files)), _buttons(asked, template))


def _is_known(key: str, asked: AnswerField) -> bool:
    return key in asked.fields and key not in asked.offered


async def _files(
    turn: Turn, asked: AnswerField | SendRequest, attachments: Attachments, courses: Courses
) -> list[RequestFile]:
    """Return the files that were sent so far, and those of the request that is changed."""
    known = (await courses.get(turn.portal.id, asked.request_id)).files if asked.request_id and asked.files else ()
    return await attachments.of(turn.portal, turn.employee, asked.files, known)


def _question(
    turn: Turn, asked: AnswerField, template: ApprovalTemplate, files: Sequence[RequestFile]
) -> Sequence[Phrase | None]:
    wanted = template.form[asked.place]
    name = titled(wanted.title, wanted.key, turn.employee.locale)
    heading = t(
        "*{what}*, {number} of {all}",
        what=_title(template, turn.employee.locale),
        number=asked.place + 1,
        all=len(template.form),
    )
    now = asked.fields.get(wanted.key)
    is_told = now is not None and wanted.type != "person"
    if is_told and wanted.key in asked.offered:
        present: Phrase | None = t("In the deal: {value}", value=shown(wanted, now, None))
    else:
        present = t("Now: {value}", value=shown(wanted, now, None)) if is_told else None
    if wanted.type == "file":
        own = next((each for each in files if each.field == wanted.key), None)
        present = t("Now: {value}", value=file_words(own)) if own is not None else None
        how = t("A document or a picture, {most} MB at most.", most=LARGEST >> 20)
        return heading, t("Please send the file: {field}", field=name), present, how
    return heading, t("{field}?", field=name), present, _HOW.get(wanted.type)


_HOW: dict[str, Phrase] = {
    "number": t("A number, please."),
    "money": t("A sum, please, such as 150,000."),
    "date": t("A day, please, such as 15.08.2026 or “tomorrow”."),
    "person": t("A name, please, as it stands on the portal."),
}


def _buttons(asked: AnswerField, template: ApprovalTemplate) -> Keyboard:
    wanted = template.form[asked.place]
    rows: list[Button] = []
    if wanted.type == "choice":
        rows += [
            Button(verbatim(each[:LONGEST_LABEL]), ChoicePressed(asked.nonce, place))
            for place, each in enumerate(wanted.choices[:MOST_OFFERED])
        ]
    if wanted.key in asked.fields:
        rows.append(Button(t("Leave it as it is"), ChoicePressed(asked.nonce, -1)))
    elif not wanted.required:
        rows.append(Button(t("Leave it out"), ChoicePressed(asked.nonce, -1)))
    return Keyboard.of(*rows, asked.no_button)


@router.pressed(ChoicePressed)
async def choice(
    turn: Turn, press: ChoicePressed, templates: Templates, attachments: Attachments, courses: Courses
) -> Reply:
    """One of the choices, or the field is left as it is."""
    asked = still_open(turn, AnswerField, press.nonce)
    if asked is None:
        return turn.say(OVER_HERE)
    template = await _template(turn, asked.key, asked.version, templates)
    wanted = template.form[asked.place]
    fields = dict(asked.fields)
    if press.number >= 0:
        if press.number >= len(wanted.choices):
            raise TemplateOff
        fields[wanted.key] = wanted.choices[press.number]
    elif wanted.required and wanted.key not in fields:
        raise TemplateOff
    files = await _files(turn, asked, attachments, courses)
    return await _next(turn, _on(asked, fields), template, templates, files)


def _on(asked: AnswerField, fields: dict[str, Any]) -> AnswerField:
    return replace(asked, place=asked.place + 1, fields=fields, nonce=secrets.token_hex(4))


@router.answered(AnswerField)
async def filled(
    turn: Turn,
    asked: AnswerField,
    templates: Templates,
    values: FormValues,
    attachments: Attachments,
    messengers: Messengers,
    courses: Courses,
    objects: PortalObjects,
) -> Reply:
    """Read what was written as the field wants it, or take the file for it; other files go beside the fields."""
    if turn.understood.intent == "cancel":
        return turn.conclude(asked.dropped)
    if turn.understood.intent in _NOT_FOR_A_FORM and not turn.understood.slots:
        return turn.pass_on()
    template = await _template(turn, asked.key, asked.version, templates)
    wanted = template.form[asked.place]
    files, told = await _files(turn, asked, attachments, courses), list[Phrase]()
    if turn.message.files:
        had = {each.id for each in files}
        files, told = await taken(turn, wanted, files, attachments, messengers)
        asked = replace(asked, files=[each.id for each in files])
        sent = next((each for each in files if each.field == wanted.key), None)
        if sent is not None and sent.id not in had:
            return await _next(
                turn, _on(asked, {**asked.fields, wanted.key: sent.sha256}), template, templates, files, told
            )
        if wanted.type == "file" or not turn.message.text:
            question = lines(*told, *_question(turn, asked, template, files))
            return turn.ask(asked, question, _buttons(asked, template))
    try:
        value = await values.read(turn.portal, turn.employee, wanted, turn.message.text, turn.now)
    except Unreadable as why:
        return turn.ask(asked, lines(*told, why.phrase), _buttons(asked, template))
    now = Filled({**asked.fields, wanted.key: value}, asked.offered, place=asked.place)
    known = await objects.read_into(turn.portal, turn.employee, template.form, [wanted], now)
    asked = replace(_on(asked, known.fields), offered=known.offered)
    return await _next(turn, asked, template, templates, files, [*told, *deals_told(known)])


async def _template(turn: Turn, key: str, version: int, templates: Templates) -> ApprovalTemplate:
    found = await templates.version(turn.portal, key, version)
    if found is None:
        raise TemplateOff
    return found


# The look before


async def _look(
    turn: Turn,
    asked: AnswerField | SendRequest,
    template: ApprovalTemplate,
    templates: Templates,
    files: Sequence[RequestFile],
    told: Sequence[Phrase] = (),
) -> Reply:
    """Show what would be sent and who would be asked, by the same code that then asks them."""
    fields = with_files(template.form, asked.fields, files, {})
    tried = await templates.tried(turn.portal, template, turn.employee, fields, turn.now)
    locale = turn.employee.locale
    text = lines(
        *told,
        t("*{what}* – this would be sent:", what=_title(template, locale)),
        *field_lines(template, asked.fields, tried.structure, locale, files),
        *_stages(tried.preview, tried.structure, turn),
    )
    if tried.preview.failed is not None or not tried.preview.stages:
        nobody = t("There is nobody to ask, so it cannot be sent. An administrator can look at the template.")
        return turn.conclude(lines(*text.lines, nobody))
    ids = [each.id for each in files]
    shown_as = SendRequest(asked.key, asked.version, dict(asked.fields), asked.request_id, ids, asked.parent_id)
    reply: Reply = read_back(turn, shown_as, text)
    if all(each.field for each in files):
        return reply
    (say,) = reply.says
    without = Button(t("🗑 Without attachments"), LeaveFilesOut(shown_as.nonce))
    return replace(reply, says=(replace(say, keyboard=Keyboard.of(*say.keyboard.rows, without)),))


@router.pressed(LeaveFilesOut)
async def files_left_out(
    turn: Turn, press: LeaveFilesOut, templates: Templates, attachments: Attachments, courses: Courses
) -> Reply:
    """Show once more what would be sent, without what was attached."""
    asked = still_open(turn, SendRequest, press.nonce)
    if asked is None:
        return turn.say(OVER_HERE)
    files = [each for each in await _files(turn, asked, attachments, courses) if each.field]
    return await _look(turn, asked, await _template(turn, asked.key, asked.version, templates), templates, files)


def _stages(preview: Preview, structure: PortalStructure, turn: Turn) -> list[Phrase]:
    told = []
    for place, seen in enumerate(preview.stages, 1):
        people = [
            found
            for track in seen.tracks
            for seat in track.seats
            for holder in seat.holders
            if (found := structure.employee(holder)) is not None
        ]
        values: dict[str, Value] = {
            "stage": stage_called(seen.stage, place, turn.employee.locale),
            "names": names(people),
            "when": DayTime(seen.due_at, turn.employee.zone),
        }
        told.append(
            t("Asked now: {names} ({stage}), until {when}", **values)
            if place == 1
            else t("Then: {names} ({stage})", stage=values["stage"], names=values["names"])
        )
    if preview.failed is not None:
        name = stage_called(preview.failed, len(preview.stages) + 1, turn.employee.locale)
        told.append(t("⚠️ “{stage}”: there is nobody to ask.", stage=name))
    return told


@router.answered(SendRequest)
async def not_yet(
    turn: Turn,
    asked: SendRequest,
    templates: Templates,
    attachments: Attachments,
    messengers: Messengers,
    courses: Courses,
) -> Reply:
    """Words that mean nothing to us cost nobody a form that is filled in; a file is added to it."""
    if turn.message.files:
        present = await _files(turn, asked, attachments, courses)
        files, told = await taken(turn, None, present, attachments, messengers)
        template = await _template(turn, asked.key, asked.version, templates)
        return await _look(turn, asked, template, templates, files, told)
    if turn.understood.intent is None:
        return Reply((Say(t("It is not sent yet. Press “Send”, or write /cancel.")),), asked)
    said: Reply = await in_words(turn, asked)
    return said


@router.agreed(SendRequest)
async def send(turn: Turn, asked: SendRequest, courses: Courses, seals: Seals, attachments: Attachments) -> Reply:
    """Send what was shown; what is open already is shown instead."""
    files = await _files(turn, asked, attachments, courses)
    if asked.request_id:
        request = await courses.get(turn.portal.id, asked.request_id)
        done = await courses.do(
            request, "resubmit", turn.employee, turn.now, fields=asked.fields, files=files, at=turn.message.channel
        )
    else:
        chosen_version = (asked.key, asked.version)
        parent = await courses.get(turn.portal.id, asked.parent_id) if asked.parent_id else None
        done = await courses.start(
            turn.portal, chosen_version, turn.employee, asked.fields, turn.now, turn.message.channel, files, parent
        )
    what = title(done.standing, turn.employee.locale)
    if done.refusal:
        told: Phrase = refused(done.standing, done.refusal, turn.employee, turn.now)
    else:
        told = t("📨 Sent: {what}", what=what)
    below = replace(shown_card(turn, done.standing, seals), edit=False, pressed="")
    return Reply((turn.place(told, NO_BUTTONS, asked.slot), below), ends=True)

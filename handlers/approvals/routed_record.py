"""A request's record: the approval sheet as a file, and its history in chat, for whom it concerns."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.history import ENDED, STAGE, Visit, visits
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.routed import Entry, RoutedRequest, is_whole
from bot.domain.approvals.stage import Stage
from bot.domain.approvals.told import titled
from bot.domain.people.employee import Employee
from bot.i18n import Translator, zone_name
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Attachment, Button, Keyboard, Reply, Say
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.records import Records
from bot.services.messengers import Messengers
from bot.sheets.approval import ApprovalSheet, SheetPart
from bot.sheets.words import date_text
from bot.text import Lines, Mention, Phrase, lines, t, verbatim
from handlers.approvals.routed import up_to_date
from handlers.approvals.routed_cards import RecordPressed, mention, sheet_button, title

router = Router("routed record")
PAGE = 15
"""Lines of a history on a phone at once."""
_REFUSED = "refused "
_FILE_GONE = "file left out "


@router.said("approval_sheet")
async def approval_sheet(turn: Turn, records: Records, courses: Courses, messengers: Messengers) -> Reply:
    """Send the approval sheet of the request of that number."""
    number = turn.understood.slots.get("request")
    if number is None:
        return turn.say(t("Of which request? Write it with its number, for example: “approval sheet 12”."))
    return await _sheet(turn, await records.numbered(turn.employee, int(str(number))), courses, messengers)


@router.said("request_history")
async def request_history(turn: Turn, records: Records, courses: Courses) -> Reply:
    """Tell what happened to the request of that number."""
    request = await records.numbered(turn.employee, int(str(turn.understood.slots["request"])))
    return await _history(turn, request, 0, courses)


@router.pressed(RecordPressed)
async def press_record(
    turn: Turn, press: RecordPressed, records: Records, courses: Courses, messengers: Messengers
) -> Reply:
    """Send the sheet, or turn the page of a history; whoever may not see it is told as of an unknown one."""
    number = long(press.request)
    if not 0 < number < 2**63 or not -1 <= press.place < 2**20:
        raise UnknownRequest
    request = await records.by_id(turn.employee, number)
    if press.place < 0:
        return await _sheet(turn, request, courses, messengers)
    return await _history(turn, request, press.place, courses)


# In chat


async def _history(turn: Turn, request: RoutedRequest, first: int, courses: Courses) -> Reply:
    standing = await up_to_date(turn, request, courses)
    request = standing.request
    told = [each for each in request.record if not each.what.startswith(_REFUSED)]
    shown = told[first : first + PAGE]
    days = _by_day(shown, standing, turn.employee)
    more = len(told) - first - PAGE
    buttons = [sheet_button(request)]
    if more > 0:
        buttons.append(Button(t("Further"), RecordPressed(short(request.id), first + PAGE)))
    text = lines(t("*{what}*: history", what=title(standing, turn.employee.locale)), *days)
    return Reply((Say(text, Keyboard.of(tuple(buttons))),))


def _by_day(shown: Sequence[Entry], standing: Standing, reader: Employee) -> Iterator[Phrase]:
    day, zone = "", ZoneInfo(reader.zone)
    for each in shown:
        local = each.at.astimezone(zone)
        if (text := date_text(local.date(), reader.locale)) != day:
            day = text
            yield t("_{day}_", day=day)
        yield t("{time} {what}", time=f"{local:%H:%M}", what=what_happened(each, standing, reader.locale))


def what_happened(entry: Entry, standing: Standing, locale: str) -> Phrase:
    """Say one line of a record: who, what, on whose behalf, and what was said."""
    told = _deed(entry, standing, locale)
    return t("{answer}: “{text}”", answer=told, text=entry.said) if entry.said else told


def _deed(entry: Entry, standing: Standing, locale: str) -> Phrase:
    who = _who(standing, entry)
    match entry.what.split(" ", 1)[0]:
        case "start":
            return t("📝 {person}: asked for", person=who)
        case "stage":
            return t("▶️ Stage: {stage}", stage=_stage_named(standing, entry.what.removeprefix(STAGE), locale))
        case "asked":
            return t("• asked: {person}", person=who)
        case "approve":
            return t("✅ {person}: approved", person=who)
        case "reject":
            return t("❌ {person}: rejected", person=who)
        case "return":
            return t("↩️ {person}: sent back", person=who)
        case "delegate":
            return t("➡️ {person}: handed over", person=who)
        case "replace":
            return t("🔁 {person}: had somebody else asked", person=who)
        case "undo":
            return t("↩️ {person}: took the answer back", person=who)
        case "resubmit":
            return t("📨 {person}: sent again", person=who)
        case "change":
            return t("✏️ What was asked was changed")
        case "withdraw":
            return t("↩️ {person}: withdrawn", person=who)
        case "comment":
            return t("💬 {person}", person=who)
        case "ask":
            return t("❓ {person}", person=who)
        case "escalated":
            return t("⏫ No answer in time: others are asked too")
        case "file":
            return t("📎 File left out") if entry.what.startswith(_FILE_GONE) else t("📎 File")
    match entry.what:
        case "sent back":
            return t("↩️ Back for changes")
        case "time ran out":
            return t("⌛ Time was up")
        case "dismiss":
            return t("👤 Somebody who was asked does not work here any more")
    return _outcome_word(entry.what.removeprefix(ENDED))


def _outcome_word(state: str) -> Phrase:
    match state:
        case "approved":
            return t("✅ Outcome: approved")
        case "rejected":
            return t("❌ Outcome: rejected")
        case "withdrawn":
            return t("↩️ Outcome: withdrawn")
        case "expired":
            return t("⌛ Outcome: time was up")
        case "failed":
            return t("⚠️ Outcome: there was nobody to ask")
        case "pending" | "rework":
            return t("⏳ Not decided yet")
        case _:
            return verbatim(state)


def _who(standing: Standing, entry: Entry) -> Mention | Phrase:
    who = mention(standing.somebody(entry.actor_id))
    if entry.behalf_id is None:
        return who
    return t("{person} for {principal}", person=who, principal=mention(standing.somebody(entry.behalf_id)))


def _stage_named(standing: Standing, stage_id: str, locale: str) -> Phrase:
    for number, each in enumerate(standing.template.route.stages, 1):
        if each.id == stage_id:
            return verbatim(titled(each.title, "", locale)) if each.title else t("stage {number}", number=number)
    return verbatim(stage_id)


# As a file


async def _sheet(turn: Turn, request: RoutedRequest, courses: Courses, messengers: Messengers) -> Reply:
    standing = await up_to_date(turn, request, courses)
    reader = turn.employee
    sheet = sheet_of(standing, reader, messengers)
    words = Translator(reader.locale, reader.zone, sheet.drawn_up)
    from bot.sheets.approval_pdf import approval_pdf  # noqa: PLC0415 - most turns make no file

    content = await asyncio.to_thread(approval_pdf, sheet, words)
    name = f"{words.plain(sheet.stem)}.pdf"
    caption = t("📄 *{what}*: approval sheet", what=title(standing, reader.locale))
    return Reply((Say(caption, NO_BUTTONS, file=Attachment(name, content, "document")),))


def sheet_of(standing: Standing, reader: Employee, messengers: Messengers) -> ApprovalSheet:
    """Return everything that stands on a reader's sheet."""
    request = standing.request
    locale, zone = reader.locale, reader.zone
    record = request.record
    last = record[-1].at if record else request.started_at
    words = Translator(locale, zone, last)

    def moment(at: datetime) -> str:
        return _moment(at, zone, locale)

    def bare(phrase: Phrase) -> Phrase:
        """Return a line without the sign in front, which is for phones."""
        return verbatim(re.sub(r"^[^\w(«“\"]+", "", words.plain(phrase)))

    offset = last.astimezone(ZoneInfo(zone)).strftime("%z")
    version = request.template_version
    template = titled(standing.template.route.title, request.template, locale)
    initiator = mention(standing.somebody(request.initiator_id))
    below = [
        t("Template: {template}, version {version}", template=template, version=version),
        t("Times: {zone} (UTC{offset})", zone=zone_name(zone, locale), offset=f"{offset[:3]}:{offset[3:]}"),
    ]
    outcome = bare(_outcome_word(request.state))
    if request.ended_at is not None:
        outcome = t("{outcome}, {when}", outcome=outcome, when=moment(request.ended_at))
    parts = [_asked_part(standing, initiator, moment(request.started_at), reader)]
    for number, visit in enumerate(visits(record), 1):
        parts.append(_stage_part(standing, visit, number, reader))
    told = [each for each in record if not each.what.startswith(_REFUSED)]
    deeds = [_with_channel(bare(what_happened(each, standing, locale)), each, messengers) for each in told]
    rows = [(verbatim(moment(each.at)), deed) for each, deed in zip(told, deeds, strict=True)]
    parts.append(SheetPart(t("Record"), rows))
    if request.effects:
        parts.append(SheetPart(t("What follows"), [_effect(each.do, is_done=each.is_done) for each in request.effects]))
    seal = [
        t("Lines on record: {count}. Last hash: {hash}", count=len(record), hash=record[-1].hash if record else "–"),
        t("The record is whole: no line was changed, taken out or put in between.")
        if is_whole(request)
        else t("The record is NOT whole: a line was changed, taken out or put in between."),
    ]
    what = words.plain(title(standing, locale))
    name = words.plain(t("Approval sheet"))
    stem = verbatim("_".join(re.sub(r"[^\w\- ]", "", f"{name} {what}").split()))
    return ApprovalSheet(t("Approval sheet: {what}", what=what), below, outcome, parts, seal, last, stem)


def _asked_part(standing: Standing, initiator: Mention | Phrase, when: str, reader: Employee) -> SheetPart:
    rows: list[tuple[Phrase | None, Phrase | Lines]] = [
        (t("Asked by"), t("{person}, {when}", person=initiator, when=when))
    ]
    subject = standing.running.subject
    for each in standing.template.form:
        value = subject.get(each.key)
        if value is not None and value != "":
            rows.append(
                (verbatim(titled(each.title, each.key, reader.locale)), _whole(each.type, value, standing, reader))
            )
    for file in standing.request.files:
        told = t("{name}, SHA-256 {hash}", name=file.name or "–", hash=file.sha256)
        if file.replaced_at is not None:
            told = t("{file} – left out later", file=told)
        rows.append((t("File"), told))
    return SheetPart(t("What was asked"), rows)


def _whole(kind: str, value: object, standing: Standing, reader: Employee) -> Phrase:
    """Return a field's value as people read it, never cut."""
    if kind == "date":
        return verbatim(date_text(datetime.fromisoformat(str(value)).date(), reader.locale))
    if kind == "person":
        found = standing.structure.employee(value)  # type: ignore[arg-type]
        return t("somebody") if found is None else verbatim(found.name)
    if kind in {"number", "money"} and isinstance(value, int | float):
        return verbatim(f"{value:,}".replace(",", "\N{NO-BREAK SPACE}"))
    return verbatim(str(value))


def _stage_part(standing: Standing, visit: Visit, number: int, reader: Employee) -> SheetPart:
    locale = reader.locale
    name = _stage_named(standing, visit.stage, locale)
    heading = t("{number}. {stage}", number=number, stage=name)
    if visit.round:
        heading = t("{number}. {stage} (round {round})", number=number, stage=name, round=visit.round + 1)
    stage = next((each for each in standing.template.route.stages if each.id == visit.stage), None)
    rows: list[tuple[Phrase | None, Phrase | Lines]] = []
    for each in visit.asked:
        answer = next(
            (one for one in visit.answers if one.person_id == each.person_id and one.track in {each.track, ""}), None
        )
        who = mention(standing.somebody(each.person_id))
        if each.behalf_id is not None:
            who = t("{person} for {principal}", person=who, principal=mention(standing.somebody(each.behalf_id)))
        rows.append(
            (
                _track_named(stage, each.track, locale),
                t(
                    "{person}: {answer}",
                    person=who,
                    answer=_verdict(
                        answer.what if answer else "", _moment(answer.at, reader.zone, locale) if answer else ""
                    ),
                ),
            )
        )
    rows.append((t("Opened"), verbatim(_moment(visit.opened_at, reader.zone, locale))))
    rows.append((t("Left"), _left(visit, reader)))
    return SheetPart(heading, rows)


def _track_named(stage: Stage | None, track_id: str, locale: str) -> Phrase:
    """Return what a track is called; one without a title is just those who are asked."""
    found = None if stage is None else next((each for each in stage.tracks if each.id == track_id), None)
    return t("Asked") if found is None or not found.title else verbatim(titled(found.title, "", locale))


def _verdict(what: str, when: str) -> Phrase:
    match what:
        case "approve":
            return t("approved, {when}", when=when)
        case "reject":
            return t("rejected, {when}", when=when)
        case "return":
            return t("sent back, {when}", when=when)
        case _:
            return t("no answer")


def _left(visit: Visit, reader: Employee) -> Phrase:
    when = "" if visit.left_at is None else _moment(visit.left_at, reader.zone, reader.locale)
    match visit.left:
        case "decided":
            return t("decided, {when}", when=when)
        case "expired":
            return t("time was up, {when}", when=when)
        case "given up":
            return t("not needed any more, {when}", when=when)
        case _:
            return t("still open")


def _effect(do: str, *, is_done: bool) -> tuple[Phrase, Phrase]:
    return _effect_word(do), t("done") if is_done else t("waits for the application")


def _effect_word(do: str) -> Phrase:
    match do:
        case "notify":
            return t("News")
        case "bizproc_event" | "start_workflow":
            return t("Business process")
        case "crm_update" | "crm_add" | "timeline_comment":
            return t("CRM")
        case "task_complete" | "task_comment" | "task_add":
            return t("Task")
        case _:
            return t("Other system")


def _with_channel(told: Phrase, entry: Entry, messengers: Messengers) -> Phrase:
    if not entry.messenger:
        return told
    return t("{what} · {messenger}", what=told, messenger=messengers.title(entry.messenger))


def _moment(at: datetime, zone: str, locale: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_text(local.date(), locale)} {local:%H:%M}"

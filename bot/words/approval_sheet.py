"""What stands on a request's approval sheet: what was asked, every stage, the record, what follows, and its seal."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.approvals.history import Visit, visits
from bot.domain.approvals.read_fields import title_key
from bot.domain.approvals.routed import Entry, is_whole
from bot.domain.approvals.stage import Stage
from bot.domain.approvals.told import titled
from bot.domain.people.employee import Employee
from bot.i18n import Translator, zone_name
from bot.services.approvals.courses import Standing
from bot.services.approvals.effects import of_place
from bot.services.messengers import Messengers
from bot.sheets.approval import ApprovalSheet, SheetPart
from bot.sheets.words import date_text
from bot.text import Lines, Mention, Phrase, t, verbatim
from bot.words.errands import state_word, what
from bot.words.people import named
from bot.words.record import REFUSED, outcome_word, stage_of, what_happened
from bot.words.routed import title


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
    initiator = named(standing.somebody(request.initiator_id))
    below = [
        t("Template: {template}, version {version}", template=template, version=version),
        t("Times: {zone} (UTC{offset})", zone=zone_name(zone, locale), offset=f"{offset[:3]}:{offset[3:]}"),
    ]
    outcome = bare(outcome_word(request.state))
    if request.ended_at is not None:
        outcome = t("{outcome}, {when}", outcome=outcome, when=moment(request.ended_at))
    parts = [_asked_part(standing, initiator, moment(request.started_at), reader)]
    for number, visit in enumerate(visits(record), 1):
        parts.append(_stage_part(standing, visit, number, reader))
    told = [each for each in record if not each.what.startswith(REFUSED)]
    deeds = [_with_channel(bare(what_happened(each, standing, locale)), each, messengers) for each in told]
    rows = [(verbatim(moment(each.at)), deed) for each, deed in zip(told, deeds, strict=True)]
    parts.append(SheetPart(t("Record"), rows))
    if request.effects:
        parts.append(
            SheetPart(t("What follows"), [effect_told(standing, place) for place in range(len(request.effects))])
        )
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
    sent = {each.field: each.name for each in standing.request.present_files}
    for each in standing.template.form:
        value = subject.get(each.key)
        if value is not None and value != "":
            whole = verbatim(sent[each.key]) if each.key in sent else _whole(each.type, value, standing, reader)
            if (read := subject.get(title_key(each))) is not None:
                whole = t("{value}, “{title}”", value=whole, title=str(read))
            rows.append((verbatim(titled(each.title, each.key, reader.locale)), whole))
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
    place, title = stage_of(standing, visit.stage, locale)
    heading = t("{number}. {stage}", number=number, stage=title) if title else t("Stage {number}", number=place)
    if visit.round:
        heading = t("{stage} (round {round})", stage=heading, round=visit.round + 1)
    stage = next((each for each in standing.template.route.stages if each.id == visit.stage), None)
    rows: list[tuple[Phrase | None, Phrase | Lines]] = []
    latest = None
    for each in visit.asked:
        answer = next(
            (one for one in visit.answers if one.person_id == each.person_id and one.track in {each.track, ""}), None
        )
        who = named(standing.somebody(each.person_id))
        if each.behalf_id is not None:
            who = t("{person} for {principal}", person=who, principal=named(standing.somebody(each.behalf_id)))
        label = _track_named(stage, each.track, locale)
        is_same = bool(rows) and label == latest  # said once for all who follow
        latest = label
        when = _moment(answer.at, reader.zone, locale) if answer else ""
        told = t("{person}: {answer}", person=who, answer=_verdict(answer.what if answer else "", when))
        rows.append((verbatim("") if is_same else label, told))
    rows.append((t("Opened"), verbatim(_moment(visit.opened_at, reader.zone, locale))))
    rows.append((t("Left"), _left(visit, reader)))
    return SheetPart(heading, rows)


def _track_named(stage: Stage | None, track_id: str, locale: str) -> Phrase:
    """Return what a track is called; one without a title is just those who are asked."""
    found = None if stage is None else next((each for each in stage.tracks if each.id == track_id), None)
    return t("Who was asked") if found is None or not found.title else verbatim(titled(found.title, "", locale))


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


def effect_told(standing: Standing, place: int) -> tuple[Phrase, Phrase]:
    """Return what follows at a place, and how it stands."""
    effect = standing.request.effects[place]
    errand = of_place(standing.request, place, standing.errands)
    if errand is not None:
        return what(errand), state_word(errand)
    return _effect_word(effect.do), t("done") if effect.is_done else t("is not done yet")


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

"""Asking: a correction, a leave, overtime, a reopening, or a request by a template; or only what would be asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.operations.request_forms import request_form
from bot.api.problems import BAD_BODY, PERSON_WANTED, Problem, own
from bot.api.schemas.base import text_id
from bot.api.schemas.requests import Made, NewRequest, NewRequestQuery, Preview
from bot.domain.approvals.files import FieldWithoutFile, FileGone, RequestFile, TooManyFiles
from bot.domain.approvals.filling import missing, value_of
from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter, Matter, ReopenMatter
from bot.domain.approvals.refusals import NobodyToAsk, ReasonWanted
from bot.domain.approvals.told import titled
from bot.domain.errors import NotYourPeople, UnknownPerson
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.domain.periods.period import NotClosed, PeriodClosed
from bot.domain.workday.correction import Misfit, Overlap, StillToCome, Wish
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.approvals.attachments import Attachments
from bot.services.approvals.courses import Courses, NobodyOnRoute, Startable, TemplateOff
from bot.services.approvals.form_values import MAX_TEXT
from bot.services.approvals.overtimes import OvertimeMisfit, Overtimes
from bot.services.approvals.templates import Templates
from bot.services.leave.balances import NotEnoughLeft
from bot.services.leave.leaves import DaysTaken, LeaveMisfit, Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.people import People
from bot.services.periods.closings import Closings
from bot.services.workday.corrections import Corrections
from bot.services.workday.recording import Recording
from bot.text import one_line, t
from bot.words.requests import matter_lines, matter_title

ASK = Operation(
    "POST",
    "/requests",
    Scope.REQUESTS_WRITE,
    answers=Made,
    body=NewRequest,
    query=NewRequestQuery,
    status=201,
    also=(200,),
    refuses=(
        NobodyToAsk,
        Misfit,
        Overlap,
        StillToCome,
        LeaveMisfit,
        DaysTaken,
        NotEnoughLeft,
        OvertimeMisfit,
        PeriodClosed,
        NotClosed,
        ReasonWanted,
        TemplateOff,
        NobodyOnRoute,
        FileGone,
        FieldWithoutFile,
        TooManyFiles,
        NotYourPeople,
        UnknownPerson,
        PERSON_WANTED,
        "unknown_year",
    ),
)


@ASK.run
async def ask(
    call: Call,
    body: NewRequest,
    query: NewRequestQuery,
    people: People,
    approvals: Approvals,
    recording: Recording,
    corrections: Corrections,
    leaves: Leaves,
    wishes: LeaveWishes,
    overtimes: Overtimes,
    closings: Closings,
    courses: Courses,
    templates: Templates,
    attachments: Attachments,
) -> Answer | Problem:
    """Ask for something, or show by `dry_run` what would be asked of whom; the same that is open is given instead."""
    by = call.only_persons()
    if body.template is not None:
        return await _by_template(call, body, query, by, courses, templates, attachments)
    if body.kind == "reopen" and body.person_id is not None:
        raise own(BAD_BODY, status=422, errors=[("person_id", t("It is not known here."))])
    subject = by if body.person_id is None else await people.get(number_of(body.person_id), call.portal.id)
    if subject is None:
        raise UnknownPerson(body.person_id or "")
    await recording.check(by, subject)
    now, reason = call.now, body.reason
    matter: Matter
    match body.kind:
        case "correction":
            wish = _correction(body)
            matter = CorrectionMatter(await corrections.plan(subject, wish, now))
            if not query.dry_run:
                return made_answer(call, await recording.send(by, wish, now, about=subject, reason=reason))
        case "leave":
            leave = _leave(body, subject)
            matter = LeaveMatter(await leaves.fitted(subject, leave, now))
            if not query.dry_run:
                return made_answer(call, await wishes.send(by, subject, leave, now, reason=reason))
        case "overtime":
            day = _needed("day", body.day)
            length = None if body.length_seconds is None else timedelta(seconds=body.length_seconds)
            matter = (await overtimes.wish(call.portal, subject, day, length, now)).matter
        case _:
            closing = await closings.touching(call.portal, _needed("first", body.first), _needed("last", body.last))
            matter = ReopenMatter(closing.id, closing.first, closing.last)
            if not reason.strip():
                raise ReasonWanted
    if not query.dry_run:
        return made_answer(call, await approvals.ask(matter, by, now, about=subject, reason=reason))
    passes = subject.id != by.id or await approvals.passes(matter, by)
    asked = () if passes else (await approvals.deciders_about(subject))
    seen = Preview(
        title=call.say(matter_title(matter)),
        lines=[call.say(each) for each in matter_lines(matter)],
        asked=[text_id(each.id) for each in asked],
        passes_at_once=passes,
    )
    return Answer(Made(request=None, preview=seen), status=200)


def made_answer(call: Call, done: Sent | Passed) -> Answer:
    """Return the request that was made, or was done at once."""
    form = request_form(call, done.request)
    return Answer(
        Made(request=form, preview=None), version=done.request.version, location=f"/api/v1/requests/{form.id}"
    )


def _needed(name: str, value: Any) -> Any:
    if value is None:
        raise own(BAD_BODY, status=422, errors=[(name, t("It is missing."))])
    return value


def _correction(body: NewRequest) -> Wish:
    kind = _needed("wish", body.wish)
    pause = None if body.break_seconds is None else timedelta(seconds=body.break_seconds)
    match kind:
        case "worked":
            return Wish(kind, _needed("starts_at", body.starts_at), _needed("ends_at", body.ends_at), pause)
        case "remove":
            return Wish(kind, day=_needed("day", body.day), target=body.remove or "")
        case _:
            return Wish(kind, _needed("at", body.at), break_for=pause)


def _leave(body: NewRequest, subject: Employee) -> LeaveWish:
    kind = _needed("leave", body.leave)
    if body.starts_at is None and body.ends_at is None:
        first = _needed("first", body.first)
        return LeaveWish(kind, first, body.last or first)
    zone = ZoneInfo(subject.zone)
    start, end = _needed("starts_at", body.starts_at), _needed("ends_at", body.ends_at)
    return LeaveWish.of_hours(kind, start.astimezone(zone), end.astimezone(zone), subject.zone)


async def _by_template(
    call: Call,
    body: NewRequest,
    query: NewRequestQuery,
    by: Employee,
    courses: Courses,
    templates: Templates,
    attachments: Attachments,
) -> Answer | Problem:
    offered = await courses.startable(call.portal, by, call.now)
    chosen = next((each for each in offered if each.version.key == body.template), None)
    if chosen is None:
        raise TemplateOff
    wanted = {number_of(each.id): each.field for each in body.files}
    files = await attachments.chosen(call.portal, by, chosen.template.form, wanted)
    fields = _fields(chosen, body.fields or {}, files)
    if query.dry_run:
        tried = await templates.tried(call.portal, chosen.template, by, fields, call.now)
        first = tried.preview.stages[0] if tried.preview.stages else None
        if first is None or tried.preview.failed is not None:
            raise NobodyOnRoute
        people = (
            tried.structure.employee(holder)
            for track in first.tracks
            for seat in track.seats
            for holder in seat.holders
        )
        title = titled(chosen.template.route.title, chosen.version.key, call.locale)
        asked = [text_id(each.id) for each in people if each is not None]
        return Answer(
            Made(request=None, preview=Preview(title=title, lines=[], asked=asked, passes_at_once=False)), status=200
        )
    key = (chosen.version.key, chosen.version.version)
    done = await courses.start(call.portal, key, by, fields, call.now, "api", files)
    form = request_form(call, done.standing)
    return Answer(
        Made(request=form, preview=None),
        status=200 if done.refusal else 201,
        version=done.request.version,
        location=f"/api/v1/requests/{form.id}",
    )


def _fields(chosen: Startable, said: dict[str, Any], files: Sequence[RequestFile]) -> dict[str, Any]:
    """Return the fields of a form as they are kept; what is unknown, wrong or missing is refused by its place."""
    known = {each.key: each for each in chosen.template.form}
    filled: dict[str, Any] = {}
    errors = []
    for key, value in said.items():
        field = known.get(key)
        if field is None:
            errors.append(("fields", t("It is not known here.")))
        elif field.type != "file" and isinstance(value, str | int | float) and not isinstance(value, bool):
            words = one_line(str(value))
            found = value_of(field, words)
            if len(words) > MAX_TEXT:
                errors.append((f"fields/{key}", t("It is too long.")))
            elif found is None:
                errors.append((f"fields/{key}", t("It is not of the form that is wanted here.")))
            else:
                filled[key] = found
        else:
            errors.append((f"fields/{key}", t("It is not of the form that is wanted here.")))
    sent = {each.field: each.sha256 for each in files}
    wanting = [
        each for each in missing(chosen.template.form, filled | sent) if f"fields/{each.key}" not in dict(errors)
    ]
    errors += [(f"fields/{each.key}", t("It is missing.")) for each in wanting]
    if errors:
        raise own(BAD_BODY, status=422, errors=errors)
    return filled


OPERATIONS = (ASK,)

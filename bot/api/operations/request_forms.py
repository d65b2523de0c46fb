"""How requests of both kinds become forms of the API."""

from typing import Any

from bot.api.operation import Answer, Call
from bot.api.problems import CHANGED_MEANWHILE, OWN, Problem
from bot.api.schemas.base import text_id, text_id_or_none, utc, utc_or_none
from bot.api.schemas.requests import (
    EffectForm,
    EventForm,
    Events,
    FieldForm,
    FileForm,
    RequestForm,
    RequestRow,
    SeatForm,
    StageForm,
    State,
    TrackForm,
)
from bot.domain.approvals.course import due
from bot.domain.approvals.listed import ListedRequest
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.routed import is_whole
from bot.domain.approvals.running import Seat
from bot.domain.approvals.told import titled
from bot.domain.rights import Right, may
from bot.services.approvals.courses import Done, Standing
from bot.services.approvals.requests import CHANGED, Shown
from bot.services.statuses import ALL as STATUSES
from bot.words.requests import matter_lines, matter_title
from bot.words.routed import field_lines, title
from bot.words.routed_refusals import refused


def row_form(call: Call, each: ListedRequest, template: ApprovalTemplate | None) -> RequestRow:
    """Return a row of a list."""
    if each.matter is not None:
        name, lines = call.say(matter_title(each.matter)), [call.say(line) for line in matter_lines(each.matter)]
    else:
        name = titled(template.route.title, each.template, call.locale) if template else each.template
        lines = []
    return RequestRow(
        id=text_id(each.id),
        number=each.number or None,
        kind=each.kind or None,
        template=each.template or None,
        template_version=each.template_version or None,
        title=name,
        lines=lines,
        reason=each.reason or None,
        person_id=text_id(each.subject_id),
        requester_id=text_id(each.requester_id),
        state=State(each.state),
        round=each.round,
        created_at=utc(each.created_at),
        settles_at=utc_or_none(None if each.is_routed else each.due_at),
        ended_at=utc_or_none(each.ended_at),
        holder_ids=[text_id(one) for one in each.holders] if each.state in _OPEN else [],
        version=each.version,
    )


_OPEN = frozenset({State.PENDING.value, State.REWORK.value})


def request_form(call: Call, shown: Shown) -> RequestForm:
    """Return a request with where it stands."""
    return _routed(call, shown) if isinstance(shown, Standing) else _built_in(call, shown)


def request_answer(call: Call, done: Shown | Done) -> Answer | Problem:
    """Return what is answered once something was done with a request, or why it was not."""
    if isinstance(done, Done):
        if done.refusal:
            return _refused(call, done)
        done = done.standing
    version = done.request.version if isinstance(done, Standing) else done.version
    return Answer(request_form(call, done), version=version)


def _refused(call: Call, done: Done) -> Problem:
    """Return why a route did not take something; that it was tried stays on record."""
    if done.refusal == CHANGED:
        return Problem(412, CHANGED_MEANWHILE, OWN[CHANGED_MEANWHILE][1], present=request_form(call, done.standing))
    words = refused(done.standing, done.refusal, call.person, call.now)
    return Problem(STATUSES.get(done.refusal, 409), done.refusal, words, present=request_form(call, done.standing))


def _built_in(call: Call, request: ApprovalRequest) -> RequestForm:
    ballot = request.ballot
    seats = [
        SeatForm(
            id=text_id(each.id),
            principal_id=text_id(each.principal_id),
            holder_ids=[text_id(holder) for holder in each.holders],
            verdict=ballot.verdict.value if ballot is not None and ballot.seat_id == each.id else None,
            answered_by=text_id(ballot.by_id) if ballot is not None and ballot.seat_id == each.id else None,
            answered_at=utc(ballot.at) if ballot is not None and ballot.seat_id == each.id else None,
            reason=(ballot.reason or None) if ballot is not None and ballot.seat_id == each.id else None,
        )
        for each in request.seats
    ]
    stage = request.route.stages[0]
    is_settling = request.settles_at is not None
    return RequestForm(
        id=text_id(request.id),
        number=None,
        kind=request.matter.kind,
        template=None,
        template_version=None,
        title=call.say(matter_title(request.matter)),
        lines=[call.say(each) for each in matter_lines(request.matter)],
        reason=request.reason or None,
        person_id=text_id(request.subject_id),
        requester_id=text_id(request.requester_id),
        state=State(request.state.value),
        round=request.round,
        created_at=utc(request.created_at),
        settles_at=utc_or_none(request.settles_at),
        ended_at=utc_or_none(request.settled_at),
        holder_ids=[text_id(each) for each in request.holders] if request.is_open else [],
        version=request.version,
        due_at=utc_or_none(request.wakes_at),
        parent_id=None,
        stages=[
            StageForm(
                id=stage.id,
                title="",
                is_open=request.is_open or is_settling,
                tracks=[TrackForm(id=stage.tracks[0].id, seats=seats)],
            )
        ],
        fields=[],
        files=[],
        effects=[],
        can=_can_built_in(call, request),
        passed_at_once=request.is_automatic,
    )


def _can_built_in(call: Call, request: ApprovalRequest) -> list[str]:
    own, found = call.person.id, []
    decides = not call.reader.is_service and may(call.person, Right.DECIDE)
    if request.is_open and own in request.holders and decides:
        found += ["decide", "delegate"]
    if request.settles_at is not None and request.ballot is not None and request.ballot.by_id == own:
        found.append("undo")
    if request.is_open and request.requester_id == own:
        found.append("withdraw")
    return found


def _routed(call: Call, standing: Standing) -> RequestForm:
    request, template, running = standing.request, standing.template, standing.running
    opened = running.stage
    stages = []
    for number, stage in enumerate(template.route.stages):
        is_open = opened is not None and opened.number == number
        tracks = [
            TrackForm(
                id=track.id,
                seats=[_seat(standing, track.id, place, seat) for place, seat in enumerate(track.seats)],
            )
            for track in (opened.tracks if opened is not None and is_open else ())
        ]
        name = titled(stage.title, "", call.locale)
        stages.append(StageForm(id=stage.id, title=name, is_open=is_open, tracks=tracks))
    lines = field_lines(template, running.subject, standing.structure, call.locale)
    return RequestForm(
        id=text_id(request.id),
        number=request.number,
        kind=None,
        template=request.template,
        template_version=request.template_version,
        title=call.say(title(standing, call.locale)),
        lines=[call.say(each) for each in lines],
        reason=None,
        person_id=text_id(request.initiator_id),
        requester_id=text_id(request.initiator_id),
        state=State(request.state),
        round=request.round,
        created_at=utc(request.started_at),
        settles_at=utc_or_none(standing.settles_at),
        ended_at=utc_or_none(request.ended_at),
        holder_ids=[text_id(each) for each in request.holders],
        version=request.version,
        due_at=utc_or_none(due(running) if request.is_open else None),
        parent_id=text_id_or_none(request.parent_id),
        stages=stages,
        fields=[
            FieldForm(key=each.key, title=titled(each.title, each.key, call.locale), value=running.subject[each.key])
            for each in template.form
            if each.key in running.subject
        ],
        files=[
            FileForm(n=n, name=each.name, size=each.size, field=each.field or None)
            for n, each in enumerate(request.files)
            if each.replaced_at is None
        ],
        effects=[EffectForm(n=n, do=each.do, is_done=each.is_done) for n, each in enumerate(request.effects)],
        can=_can_routed(call, standing),
        passed_at_once=False,
    )


def _seat(standing: Standing, track: str, place: int, seat: Seat) -> SeatForm:
    request = standing.request
    mark = next((m for m in request.seats if request.is_current(m) and (m.track, m.place) == (track, place)), None)
    principal = standing.employee(seat.principal)
    holders = [each for holder in seat.holders if (each := standing.employee(holder)) is not None]
    ballot = seat.ballot
    voter = None if ballot is None else standing.employee(ballot.voter)
    told: Any = None
    if voter is not None:
        told = next((each for each in reversed(standing.answers()) if each.actor_id == voter.id), None)
    return SeatForm(
        id=text_id_or_none(mark.id if mark else None),
        principal_id=text_id_or_none(principal.id if principal else None),
        holder_ids=[text_id(each.id) for each in holders],
        verdict=None if ballot is None else ballot.verdict.value,
        answered_by=text_id_or_none(voter.id if voter else None),
        answered_at=utc_or_none(told.at if told is not None else None),
        reason=(told.said or None) if told is not None else None,
    )


def _can_routed(call: Call, standing: Standing) -> list[str]:
    request, own = standing.request, call.person.id
    found: list[str] = []
    if call.reader.is_service:
        return found
    mark = request.seat_of(own)
    if mark is not None:
        track = standing.track(mark.track)
        actions = track.actions if track is not None else frozenset()
        found += ["decide", *sorted(each for each in actions if each in {"return", "delegate", "ask", "comment"})]
    if standing.undoable(call.person) is not None:
        found.append("undo")
    if request.initiator_id == own and request.is_open:
        found += ["withdraw", "resubmit"] if request.state == "rework" else ["withdraw"]
    return list(dict.fromkeys(found))


def events_form(shown: Shown) -> Events:
    """Return the record of a request."""
    if isinstance(shown, Standing):
        items = [
            EventForm(
                seq=each.seq,
                at=utc(each.at),
                actor_id=text_id_or_none(each.actor_id),
                behalf_id=text_id_or_none(each.behalf_id),
                what=each.what,
                said=each.said or None,
                where=each.messenger or None,
                hash=each.hash,
            )
            for each in shown.request.record
        ]
        return Events(items=items, is_whole=is_whole(shown.request), next=None)
    items = [
        EventForm(
            seq=each.seq,
            at=utc(each.at),
            actor_id=text_id_or_none(each.actor_id),
            behalf_id=None,
            what=each.what,
            said=None,
            where=None,
            hash=each.hash,
        )
        for each in shown.events
    ]
    return Events(items=items, is_whole=shown.record_is_whole, next=None)

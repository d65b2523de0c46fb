"""Requests: listed, shown, decided, taken back, withdrawn, and talked about."""

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.operations.request_forms import events_form, request_answer, request_form, row_form
from bot.api.problems import CHANGED_MEANWHILE, NOT_FOUND, PERSON_WANTED, Problem, own
from bot.api.schemas.requests import (
    Decided,
    Decision,
    Decisions,
    Delegation,
    Events,
    Holder,
    MaybeWords,
    RequestForm,
    Requests,
    RequestsQuery,
    Words,
)
from bot.domain.approvals.event import Do
from bot.domain.approvals.listed import Wanted
from bot.domain.approvals.refusals import (
    NothingToTakeBack,
    NotYourRequest,
    NotYourSeat,
    OwnRequest,
    ReasonWanted,
    TooLateToTakeBack,
    UnknownRequest,
)
from bot.domain.approvals.request import AlreadyDecided, CannotTakeSeat, HandedOnAlready, NoLongerLead
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import LeadsOnly, NotAllowed, UnknownPerson
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.ports import UnitOfWork
from bot.services.approvals.courses import Standing
from bot.services.approvals.requests import Requests as RequestsService
from bot.services.approvals.templates import Templates
from bot.services.people.people import People

_VERDICTS = {"approve": Verdict.APPROVED, "reject": Verdict.REJECTED}
_DECIDES = (
    AlreadyDecided,
    CHANGED_MEANWHILE,
    "already_answered",
    "expired",
    NotYourSeat,
    OwnRequest,
    NotAllowed,
    ReasonWanted,
)
_SEATED = (*_DECIDES, NoLongerLead, UnknownRequest, PERSON_WANTED)
_ROUTED = (CHANGED_MEANWHILE, "not_started", UnknownRequest, PERSON_WANTED, NotAllowed, AlreadyDecided, "expired")

REQUESTS = Operation(
    "GET", "/requests", Scope.REQUESTS_READ, answers=Requests, query=RequestsQuery, refuses=(LeadsOnly,)
)


@REQUESTS.run
async def list_requests(call: Call, query: RequestsQuery, requests: RequestsService, templates: Templates) -> Requests:
    """List requests, newest first: what waits for the caller, their own, their team's, or all that they may see."""
    key = call.after()
    wanted = Wanted(
        query.role,
        state=query.state.value if query.state else "",
        kind=query.kind.value if query.kind else "",
        template=query.template or "",
        person_id=number_of(query.person) if query.person else 0,
        since=query.since,
    )
    found = await requests.page(call.person, wanted, None if key is None else int(key[0]), query.limit + 1)
    rows, after = call.next(found, lambda each: [each.id])
    known = {
        (key, version): await templates.version(call.portal, key, version)
        for key, version in {(each.template, each.template_version) for each in rows if each.is_routed}
    }
    items = [row_form(call, each, known.get((each.template, each.template_version))) for each in rows]
    return Requests(items=items, next=after)


REQUEST = Operation(
    "GET", "/requests/{request_id}", Scope.REQUESTS_READ, answers=RequestForm, refuses=(UnknownRequest,)
)


@REQUEST.run
async def get_request(call: Call, requests: RequestsService) -> Answer | Problem:
    """Show a request: what is asked, where it stands, what the caller can do."""
    return request_answer(call, await requests.shown_to(call.person, call.id("request_id"), call.now))


EVENTS = Operation(
    "GET", "/requests/{request_id}/events", Scope.REQUESTS_READ, answers=Events, refuses=(UnknownRequest,)
)


@EVENTS.run
async def list_events(call: Call, requests: RequestsService) -> Events:
    """Show the record of a request, with the hashes that chain it."""
    return events_form(await requests.shown_to(call.person, call.id("request_id"), call.now))


FILE = Operation(
    "GET",
    "/requests/{request_id}/files/{n}",
    Scope.REQUESTS_READ,
    refuses=(UnknownRequest, NOT_FOUND),
    is_heavy=True,
    file_type="application/octet-stream",
)


@FILE.run
async def get_file(call: Call, requests: RequestsService, uow: UnitOfWork) -> Answer:
    """Give a file that was sent with a request."""
    shown = await requests.shown_to(call.person, call.id("request_id"), call.now)
    n = call.path["n"]
    files = shown.request.files if isinstance(shown, Standing) else ()
    if not (n.isascii() and n.isdigit() and len(n) < 4 and int(n) < len(files)):
        raise own(NOT_FOUND)
    content = await uow.files.content(call.portal.id, files[int(n)].sha256)
    if content is None:
        raise own(NOT_FOUND)
    name = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in files[int(n)].name)
    return Answer(content=content, content_type="application/octet-stream", file_name=name or "file")


DECIDE = Operation(
    "POST",
    "/requests/{request_id}/decision",
    Scope.REQUESTS_DECIDE,
    answers=RequestForm,
    body=Decision,
    wants_match=True,
    is_heavy=True,
    refuses=_SEATED,
)


@DECIDE.run
async def decide(call: Call, body: Decision, requests: RequestsService) -> Answer | Problem:
    """Answer in the caller's seat, on exactly the version that they saw."""
    person = call.only_persons()
    verdict, request_id = _VERDICTS[body.verdict], call.id("request_id")
    return request_answer(call, await requests.decide(person, request_id, verdict, body.reason, call.now, call.seen))


UNDO = Operation(
    "DELETE",
    "/requests/{request_id}/decision",
    Scope.REQUESTS_DECIDE,
    answers=RequestForm,
    wants_match=True,
    is_heavy=True,
    refuses=(TooLateToTakeBack, NothingToTakeBack, NoLongerLead, *_ROUTED),
)


@UNDO.run
async def undo_decision(call: Call, requests: RequestsService) -> Answer | Problem:
    """Take the caller's answer back, while its outcome is not final."""
    person = call.only_persons()
    return request_answer(call, await requests.undo(person, call.id("request_id"), call.now, call.seen))


BATCH = Operation(
    "POST",
    "/requests/decisions",
    Scope.REQUESTS_DECIDE,
    answers=Decided,
    body=Decisions,
    is_heavy=True,
    is_batch=True,
    refuses=_SEATED,
)


@BATCH.run
async def decide_many(call: Call, requests: RequestsService) -> Answer | Problem:
    """Answer many requests alike, each on the version that was seen, each by itself: what is done stays done."""
    person, item = call.only_persons(), call.item
    verdict = _VERDICTS[item["verdict"]]
    request_id, reason = number_of(item["id"]), item["reason"]
    shown = await requests.shown_to(person, request_id, call.now)
    if cast_already(shown, person, verdict):
        return Answer(request_form(call, shown))
    return request_answer(call, await requests.decide(person, request_id, verdict, reason, call.now, item["version"]))


def cast_already(shown: object, person: Employee, verdict: Verdict) -> bool:
    """Whether the person's own answer stands already: a call that is sent again has nothing left to do."""
    if isinstance(shown, Standing):
        if shown.request.seat_of(person.id) is not None:
            return False  # what stands was said in an earlier stage; now they are asked again
        told = next((each for each in reversed(shown.answers()) if each.actor_id == person.id), None)
        return told is not None and told.what == {"approved": "approve", "rejected": "reject"}[verdict.value]
    ballot = getattr(shown, "ballot", None)
    return ballot is not None and (ballot.by_id, ballot.verdict) == (person.id, verdict)


WITHDRAW = Operation(
    "POST",
    "/requests/{request_id}/withdrawal",
    Scope.REQUESTS_WRITE,
    answers=RequestForm,
    wants_match=True,
    refuses=(NotYourRequest, *_ROUTED),
)


@WITHDRAW.run
async def withdraw(call: Call, requests: RequestsService) -> Answer | Problem:
    """Take a request of the caller's back."""
    person = call.only_persons()
    return request_answer(call, await requests.withdraw(person, call.id("request_id"), call.now, call.seen))


COMMENT = Operation(
    "POST",
    "/requests/{request_id}/comments",
    Scope.REQUESTS_WRITE,
    answers=RequestForm,
    body=Words,
    refuses=(NotYourSeat, ReasonWanted, *_ROUTED),
)


@COMMENT.run
async def comment(call: Call, body: Words, requests: RequestsService) -> Answer | Problem:
    """Say something on a route, for everybody who sees the request."""
    return await _says(call, requests, "comment", body.reason)


QUESTION = Operation(
    "POST",
    "/requests/{request_id}/question",
    Scope.REQUESTS_DECIDE,
    answers=RequestForm,
    body=Words,
    wants_match=True,
    refuses=(NotYourSeat, ReasonWanted, *_ROUTED),
)


@QUESTION.run
async def ask_question(call: Call, body: Words, requests: RequestsService) -> Answer | Problem:
    """Ask whoever made the request; it goes on waiting."""
    return await _says(call, requests, "ask", body.reason)


RETURN = Operation(
    "POST",
    "/requests/{request_id}/return",
    Scope.REQUESTS_DECIDE,
    answers=RequestForm,
    body=MaybeWords,
    wants_match=True,
    is_heavy=True,
    refuses=(*_DECIDES, *_ROUTED),
)


@RETURN.run
async def send_back(call: Call, body: MaybeWords, requests: RequestsService) -> Answer | Problem:
    """Send a request on a route back, to be changed."""
    return await _says(call, requests, "return", body.reason)


RESUBMIT = Operation(
    "POST",
    "/requests/{request_id}/resubmission",
    Scope.REQUESTS_WRITE,
    answers=RequestForm,
    body=MaybeWords,
    wants_match=True,
    refuses=(NotYourRequest, *_ROUTED),
)


@RESUBMIT.run
async def resubmit(call: Call, body: MaybeWords, requests: RequestsService) -> Answer | Problem:
    """Send a request that came back again."""
    return await _says(call, requests, "resubmit", body.reason)


async def _says(call: Call, requests: RequestsService, do: Do, words: str) -> Answer | Problem:
    person = call.only_persons()
    return request_answer(call, await requests.says(person, call.id("request_id"), do, words, call.now, call.seen))


DELEGATE = Operation(
    "POST",
    "/requests/{request_id}/delegation",
    Scope.REQUESTS_DECIDE,
    answers=RequestForm,
    body=Delegation,
    wants_match=True,
    is_heavy=True,
    refuses=(NotYourSeat, HandedOnAlready, CannotTakeSeat, NoLongerLead, "bad_delegate", UnknownPerson, *_ROUTED),
)


@DELEGATE.run
async def delegate(call: Call, body: Delegation, requests: RequestsService, people: People) -> Answer | Problem:
    """Let somebody else answer in the caller's seat."""
    person = call.only_persons()
    await requests.shown_to(person, call.id("request_id"), call.now)
    to = await _named(call, people, body.person_id)
    return request_answer(call, await requests.delegate(person, call.id("request_id"), to, call.now, call.seen))


REPLACE = Operation(
    "PUT",
    "/requests/{request_id}/seats/{seat_id}/holder",
    Scope.REQUESTS_WRITE,
    answers=RequestForm,
    body=Holder,
    wants_match=True,
    refuses=("bad_delegate", UnknownPerson, NOT_FOUND, ReasonWanted, *_ROUTED),
)


@REPLACE.run
async def replace_holder(call: Call, body: Holder, requests: RequestsService, people: People) -> Answer | Problem:
    """Have somebody else asked in a seat, as an administrator, on record."""
    person = call.only_persons()
    shown = await requests.shown_to(person, call.id("request_id"), call.now)
    to = await _named(call, people, body.person_id)
    if not isinstance(shown, Standing):
        raise NotAllowed
    mark = shown.request.seat(call.id("seat_id"))
    seat = None if mark is None else shown.seat(mark)
    holder = None if seat is None or not seat.holders else shown.employee(seat.holders[0])
    if holder is None:
        raise own(NOT_FOUND)
    if not body.why.strip():
        raise ReasonWanted
    done = await requests.replace_holder(person, shown.request.id, holder, to, call.now, call.seen, reason=body.why)
    return request_answer(call, done)


async def _named(call: Call, people: People, said: str) -> Employee:
    found = await people.get(number_of(said), call.portal.id)
    if found is None:
        raise UnknownPerson(said)
    return found


OPERATIONS = (
    REQUESTS,
    BATCH,
    REQUEST,
    EVENTS,
    FILE,
    DECIDE,
    UNDO,
    WITHDRAW,
    COMMENT,
    QUESTION,
    RETURN,
    RESUBMIT,
    DELEGATE,
    REPLACE,
)

"""A request: what would change, where it stands, what the reader can do now, and its record."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.domain.approvals.course import tally
from bot.domain.approvals.event import Do
from bot.domain.approvals.files import kind_of
from bot.domain.approvals.history import Visit as StageVisit
from bot.domain.approvals.history import visits
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.approvals.routed import is_whole
from bot.domain.approvals.rule import Verdict, threshold
from bot.domain.approvals.sentences import decides
from bot.domain.approvals.stage import Track
from bot.domain.approvals.told import Telling, stage_called
from bot.domain.automation.errand import ErrandState
from bot.domain.errors import BadForm, UnknownPerson
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.i18n import Translator
from bot.services.approvals.attachments import Attachments
from bot.services.approvals.courses import Done, Standing
from bot.services.approvals.effects import of_place
from bot.services.approvals.possible import possible
from bot.services.approvals.requests import Requests
from bot.services.automation.errands import Errands
from bot.services.leave.around import NOTHING, Arounds
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.text import DayTime, Duration, Mention, Phrase, t
from bot.web.forms import Form, Words
from bot.web.views.approvals import refusal_of
from bot.web.views.asking import WEB
from bot.web.visit import Download, Go, NotFound, NotTaken, Page, Visit, number_in
from bot.words.approval_sheet import effect_told, sheet_of
from bot.words.files import file_words
from bot.words.leave import around_lines
from bot.words.people import named
from bot.words.record import REFUSED, what_happened
from bot.words.request_rows import body, course_words, record_line, state_words, title_of
from bot.words.requests import outcome_line
from bot.words.routed import field_changes, names_in, outcome

_DEEDS: dict[str, Do] = {"comment": "comment", "question": "ask", "return": "return", "resubmission": "resubmit"}
_SAID = {
    "comment": t("Noted, for everybody who sees the request."),
    "question": t("Your question is sent."),
    "return": t("Sent back."),
    "resubmission": t("Sent again."),
}


class Seen(Form):
    """What is done on the version that was seen; `lines` are those of the record then."""

    version: int
    lines: int = 0


class Decision(Seen):
    """An answer, on the version that was seen."""

    verdict: str
    reason: Words = ""


class Said(Seen):
    """Something said beside an answer."""

    reason: Words = ""


class Handed(Seen):
    """To whom it is handed over."""

    person: str


class Replaced(Seen):
    """Who is asked instead of whom, and why."""

    holder: str
    person: str
    reason: Words = ""


async def card(visit: Visit, requests: Requests, people: People, messengers: Messengers, arounds: Arounds) -> Page:
    """Show a request; to whoever decides about a leave, also what else there is on those days, as chat does."""
    found = await requests.shown_to(visit.reader, visit.number("id"), visit.now)
    request = found.request if isinstance(found, Standing) else found
    everybody = {each.id: each for each in await people.everybody_of(visit.portal.id)}
    told = _of_route(found, visit, messengers) if isinstance(found, Standing) else _of_built_in(found, visit, everybody)
    can = possible(found, visit.reader, visit.now)
    beside = await arounds.of(found) if isinstance(found, ApprovalRequest) and "approve" in can.deeds else NOTHING
    values = {
        "id": request.id,
        "version": request.version,
        "meanwhile": _meanwhile(visit, told["record"]),
        "deed_typed": visit.path.get("deed", "") if visit.refused is not None else "",
        "state": request.state,
        "state_words": _state_words(found),
        "lines": body(found, visit.reader),
        "beside": around_lines(beside),
        "can": can,
        "people": [each for each in everybody.values() if each.id != visit.reader.id and not each.is_disabled],
        "asks_reason": "reject" in visit.query,
        "may_replace": isinstance(found, Standing) and found.request.is_open and visit.may(Right.REPLACE_HOLDER),
        **told,
    }
    return Page("card.html", title_of(found, visit.reader.locale), values, "approvals")


def _meanwhile(visit: Visit, record: Sequence[tuple[DayTime, Phrase]]) -> Sequence[tuple[DayTime, Phrase]]:
    """Return what is on record since the reader saw it, where what they sent was not taken."""
    seen = number_in(visit.typed.get("lines", "")) if visit.refused is not None else None
    return () if not seen else record[seen:]


def _state_words(found: ApprovalRequest | Standing) -> Phrase:
    if isinstance(found, Standing):
        return course_words(found.running, found.template)
    is_settled = found.settles_at is None
    return state_words(found.state.value, is_settled=is_settled)


def _of_built_in(request: ApprovalRequest, visit: Visit, everybody: dict[int, Employee]) -> dict[str, Any]:
    subject, requester = everybody.get(request.subject_id), everybody.get(request.requester_id)
    ballot = request.ballot
    decider = everybody.get(ballot.by_id) if ballot else None
    record = [(each.at, record_line(each.what, everybody.get(each.actor_id or 0))) for each in request.events]
    return {
        "person": named(subject),
        "requester": named(requester) if request.requester_id != request.subject_id else None,
        "reason": request.reason,
        "due": None,
        "outcome": None if request.is_open else outcome_line(request, decider, visit.reader.zone),
        "answer": ballot.reason if ballot else "",
        "stages": [
            {
                "title": t("Decision"),
                "state": "now" if request.is_open else "over",
                "tracks": [
                    {
                        "title": None,
                        "rule": None,
                        "people": [
                            {"name": everybody[each].name, "answer": _verdict_words(request, each), "at": None}
                            for each in request.holders
                            if each in everybody
                        ],
                    }
                ],
            }
        ],
        "record": [(DayTime(at, visit.reader.zone), words) for at, words in record if words is not None],
        "is_whole": request.record_is_whole,
        "files": [],
        "effects": [],
        "has_sheet": False,
        "hash": request.events[-1].hash[:12] if request.events else "",
        "holders": [],
        "changes": [],
    }


def _verdict_words(request: ApprovalRequest, person_id: int) -> Phrase:
    ballot = request.ballot
    if ballot is not None and ballot.by_id == person_id:
        return t("approved") if ballot.verdict is Verdict.APPROVED else t("rejected")
    return t("not answered yet") if request.is_open else t("did not have to answer")


def _of_route(standing: Standing, visit: Visit, messengers: Messengers) -> dict[str, Any]:
    request, reader = standing.request, visit.reader
    told = [each for each in request.record if not each.what.startswith(REFUSED)]
    record = []
    for each in told:
        where = messengers.title(each.messenger) if each.messenger else None
        words = what_happened(each, standing, reader.locale)
        record.append(
            (DayTime(each.at, reader.zone), t("{what} · {where}", what=words, where=where) if where else words)
        )
    due = standing.due
    return {
        "person": named(standing.somebody(request.initiator_id)),
        "requester": None,
        "reason": "",
        "due": DayTime(due, reader.zone) if due is not None and standing.settles_at is None else None,
        "is_late": due is not None and due <= visit.now,
        "outcome": outcome(standing, reader) if not request.is_open else None,
        "answer": "",
        "stages": _stages(standing, reader),
        "record": record,
        "is_whole": is_whole(request),
        "files": [(n, file_words(each)) for n, each in enumerate(request.files) if each.replaced_at is None],
        "effects": _effects(standing, visit),
        "has_sheet": True,
        "hash": request.record[-1].hash[:12] if request.record else "",
        "holders": standing.holders(),
        "changes": []
        if not request.round
        else field_changes(
            standing.template,
            standing.running.first_subject,
            standing.running.subject,
            standing.structure,
            reader.locale,
        ),
    }


def _effects(standing: Standing, visit: Visit) -> list[dict[str, Any]]:
    """Return what follows from the outcome, how it stands, and whether the reader can have it tried again."""
    found = []
    for place in range(len(standing.request.effects)):
        what, state = effect_told(standing, place)
        errand = of_place(standing.request, place, standing.errands)
        stands = None if errand is None else errand.state
        can_retry = stands in {ErrandState.FAILED, ErrandState.OFFERED} and visit.may(Right.RESEND)
        found.append({"n": place, "what": what, "state": state, "can_retry": can_retry})
    return found


def _stages(standing: Standing, reader: Employee) -> list[dict[str, object]]:
    """Return the stages of the route: those that were, the one that is open, those that are still to come."""
    was = {each.stage: each for each in visits(standing.request.record) if each.round == standing.request.round}
    last = next(reversed(was.values()), None)
    opened = standing.running.stage
    counted = tally(standing.running)
    telling = Telling(standing.template, names_in(standing.structure), reader.locale)
    to_come = standing.needed if standing.request.is_open else ()
    found: list[dict[str, object]] = []
    for number, stage in enumerate(standing.template.route.stages):
        is_now = opened is not None and opened.number == number and standing.request.is_open
        visit_ = was.get(stage.id)
        if visit_ is None and not is_now and number not in to_come:
            continue
        tracks = [
            {
                "title": telling.track(stage, track.id) if len(stage.tracks) > 1 else None,
                "rule": _rule(telling.track_told(stage, track), counted.get(track.id) if is_now else None),
                "people": [] if visit_ is None else _asked(standing, visit_, track, reader, is_now=is_now),
            }
            for track in stage.tracks
            if visit_ is not None
        ]
        state = "now" if is_now else "over" if visit_ is not None else "ahead"
        if visit_ is not None and visit_ is last and not is_now and standing.request.state in {"rejected", "expired"}:
            state = "lost"
        title = stage_called(stage, number + 1, reader.locale)
        found.append({"title": title, "state": state, "tracks": tracks})
    return found


def _rule(track: Track, counted: tuple[int, int, int] | None) -> Phrase | None:
    """Return what decides a track, and how it stands while it is open; where one alone is asked, nothing."""
    if counted is None or sum(counted) < _SEVERAL:
        return None
    yes, no, left = counted
    told = t("for {yes}, against {no}, not answered {left}", yes=yes, no=no, left=left)
    return t("{rule}: {tally}", rule=decides(track), tally=told)


def _asked(
    standing: Standing, seen: StageVisit, track: Track, reader: Employee, *, is_now: bool
) -> list[dict[str, object]]:
    """Return who was asked in a track, each once and last for whom they were, with what they answered."""
    gave_it_away = {each.behalf_id for each in seen.asked} - set(standing.request.holders)
    answers = {each.person_id: each for each in seen.answers if each.track in {track.id, ""}}
    asked_here = [each for each in seen.asked if each.track == track.id]
    seats = len({each.behalf_id or each.person_id for each in asked_here})
    approved = sum(each.what == "approve" for each in answers.values())
    is_late = seen.left == "expired" and approved < (threshold(track.rule, seats) or seats)
    people: list[dict[str, object]] = []
    for asked in {each.person_id: each for each in reversed(asked_here)}.values():
        answer = answers.get(asked.person_id)
        name = _name(standing, asked.person_id)
        if asked.behalf_id is not None:
            name = t("{person} for {principal}", person=name, principal=_name(standing, asked.behalf_id))
        at = DayTime(answer.at if answer else asked.at, reader.zone) if answer or is_now else None
        words = _ANSWERS[answer.what] if answer else _waits(is_now=is_now, is_late=is_late)
        if answer is None and not is_late and asked.person_id in gave_it_away:
            words, at = t("somebody else is asked instead"), None
        people.insert(0, {"name": name, "answer": words, "at": at})
    return people


_SEVERAL = 2
_ANSWERS = {"approve": t("approved"), "reject": t("rejected"), "return": t("sent back")}


def _waits(*, is_now: bool, is_late: bool) -> Phrase:
    if is_late:
        return t("did not answer in time")
    return t("not answered yet, asked") if is_now else t("did not have to answer")


def _name(standing: Standing, employee_id: int) -> Mention | Phrase:
    return named(standing.somebody(employee_id))


# Its files


async def file(visit: Visit, requests: Requests, attachments: Attachments) -> Download:
    """Give a file of a request to whoever sees it: also one that was replaced, for somebody may have decided on it."""
    found = await requests.shown_to(visit.reader, visit.number("id"), visit.now)
    number = visit.number("n")
    if not isinstance(found, Standing) or number >= len(found.request.files):
        raise NotFound
    kept = found.request.files[number]
    return Download(kept.name or "file", kind_of(kept.name), await attachments.content(found.request, kept))


async def sheet(visit: Visit, requests: Requests, messengers: Messengers) -> Download:
    """Give the approval sheet, as chat gives it."""
    found = await requests.shown_to(visit.reader, visit.number("id"), visit.now)
    if not isinstance(found, Standing):
        raise NotFound
    reader = visit.reader
    drawn = sheet_of(found, reader, messengers)
    words = Translator(reader.locale, reader.zone, drawn.drawn_up)
    from bot.sheets.approval_pdf import approval_pdf  # noqa: PLC0415 - takes long to import, and few ask for it

    content = await asyncio.to_thread(approval_pdf, drawn, words)
    return Download(f"{words.plain(drawn.stem)}.pdf", "application/pdf", content)


# What is done


async def decide(visit: Visit, form: Decision, requests: Requests) -> Go:
    """Cast the reader's ballot on exactly the version that was on their screen."""
    if form.verdict not in {"approve", "reject"}:
        raise BadForm(t("That could not be read. Please look at it and send it again; nothing was changed."))
    verdict = Verdict.APPROVED if form.verdict == "approve" else Verdict.REJECTED
    request_id = visit.number("id")
    came = await requests.decide(visit.reader, request_id, verdict, form.reason, visit.now, form.version, WEB)
    _check(came, visit)
    settles_at = came.standing.settles_at if isinstance(came, Done) else getattr(came, "settles_at", None)
    said = t("Decided.")
    if settles_at is not None:
        left = Duration(settles_at - visit.now)
        said = t("Decided. It takes effect in {length}; until then you can take it back.", length=left)
    return Go(f"/approvals/{request_id}", said)


async def undo(visit: Visit, form: Seen, requests: Requests) -> Go:
    """Take the reader's decision back."""
    request_id = visit.number("id")
    _check(await requests.undo(visit.reader, request_id, visit.now, form.version, WEB), visit)
    return Go(f"/approvals/{request_id}", t("Taken back: nothing had been done yet."))


async def withdraw(visit: Visit, form: Seen, requests: Requests) -> Go:
    """Take one's own request back."""
    request_id = visit.number("id")
    _check(await requests.withdraw(visit.reader, request_id, visit.now, form.version, WEB), visit)
    return Go(f"/approvals/{request_id}", t("Withdrawn. Nobody decides on it any more."))


async def delegate(visit: Visit, form: Handed, requests: Requests, people: People) -> Go:
    """Let somebody else answer."""
    request_id = visit.number("id")
    to = await people.get(number, visit.portal.id) if (number := number_in(form.person)) is not None else None
    if to is None:
        raise UnknownPerson(form.person[:60])
    _check(await requests.delegate(visit.reader, request_id, to, visit.now, form.version, WEB), visit)
    return Go("/approvals", t("Handed over: {person} is asked now.", person=to.name))


async def replace_holder(visit: Visit, form: Replaced, requests: Requests, people: People) -> Go:
    """Have somebody else asked instead of a holder, on record with the reason."""
    request_id = visit.number("id")
    numbers = number_in(form.holder), number_in(form.person)
    found = [None if each is None else await people.get(each, visit.portal.id) for each in numbers]
    holder, to = found
    if holder is None or to is None:
        raise UnknownPerson((form.person if holder is not None else form.holder)[:60])
    if not form.reason:
        raise BadForm(t("Please say why: it stays on record."), "reason")
    came = await requests.replace_holder(
        visit.reader, request_id, holder, to, visit.now, form.version, form.reason, WEB
    )
    _check(came, visit)
    return Go(f"/approvals/{request_id}", t("{person} is asked now instead.", person=to.name))


async def retry(visit: Visit, form: Seen, requests: Requests, errands: Errands) -> Go:
    """Have something that follows from a request done after all, as an administrator says."""
    del form
    request_id, place = visit.number("id"), visit.number("n")
    found = await requests.shown_to(visit.reader, request_id, visit.now)
    if not isinstance(found, Standing) or place >= len(found.request.effects):
        raise NotFound
    errand = of_place(found.request, place, found.errands)
    changed = [] if errand is None else await errands.say(visit.reader, [errand], visit.now, is_done=True)
    said = t("It is being done again.") if changed else t("There is nothing to be done again here.")
    return Go(f"/approvals/{request_id}", said)


async def say(visit: Visit, form: Said, requests: Requests) -> Go:
    """Comment, ask, send back or send again."""
    named_ = visit.path["deed"]
    if named_ not in _DEEDS:
        raise NotFound
    request_id = visit.number("id")
    came = await requests.says(visit.reader, request_id, _DEEDS[named_], form.reason, visit.now, form.version, WEB)
    _check(came, visit)
    return Go(f"/approvals/{request_id}", _SAID[named_])


def _check(came: object, visit: Visit) -> None:
    """Raise why a route did not take it: the page shows where it stands then."""
    why = refusal_of(came, visit)
    if why is not None:
        raise NotTaken(why)

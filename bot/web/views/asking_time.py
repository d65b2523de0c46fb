"""Asking about one's own time: a leave, a correction of hours, overtime; each looked at before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter, Matter
from bot.domain.errors import BadFields, BadForm
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.leave.wish import LeaveWish
from bot.domain.workday.correction import Overlap, Wish
from bot.services.approvals.approvals import Approvals, Passed
from bot.services.approvals.approvals import Sent as Waits
from bot.services.approvals.deciders import Asked
from bot.services.approvals.form_values import MISSING
from bot.services.approvals.overtimes import Overtimes
from bot.services.approvals.requests import Requests
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.workday.corrections import Corrections
from bot.services.workday.recording import Recording
from bot.text import Day, Phrase, t, verbatim
from bot.understanding.written import span
from bot.web.views.asking import PREFIX, Field, Sent, errors_of, hidden, sent_before, token_for, token_in
from bot.web.visit import FIRST_DAY, LAST_DAY, Go, NotFound, Page, Visit
from bot.words.leave import left_lines
from bot.words.requests import matter_lines, matter_title
from bot.words.who_is_asked import ToldStage

_DAY = timedelta(days=1)
_OVERLAPS = (("", t("choose")), ("trim", t("cut mine to what is free")), ("join", t("make one of both")),
             ("replace", t("put mine in its place")))  # fmt: skip
_DATE, _TIME = t("Please write a day here."), t("Please write a time here, such as 18:30.")
_BEFORE = t("The end is before the beginning.")


@dataclass
class _Reader:
    """Reads the fields of a form, and collects what is wrong with them."""

    said: Mapping[str, str]
    zone: ZoneInfo

    def __post_init__(self) -> None:
        self.errors: dict[str, Phrase] = {}

    def day(self, name: str, *, is_wanted: bool = True) -> date | None:
        text = self.said.get(name, "")
        if not text:
            if is_wanted:
                self.errors[name] = MISSING
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _DATE
            return None
        if FIRST_DAY <= day <= LAST_DAY:
            return day
        self.errors[name] = _DATE
        return None

    def clock(self, name: str) -> time | None:
        text = self.said.get(name, "")
        try:
            return time.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            self.errors[name] = _TIME
            return None

    def length(self, name: str, unit: timedelta) -> timedelta | None:
        text = self.said.get(name, "")
        if not text:
            return None
        found = span(text, unit)
        if found is None or found > _DAY:
            self.errors[name] = t("A length of time, please, such as 45 minutes or 1.5 hours.")
            return None
        return found

    def at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def check(self) -> None:
        if self.errors:
            raise BadFields(self.errors)


_TITLES = {"leave": t("Time away"), "correction": t("Correction of hours"), "overtime": t("Overtime")}


def _kind(visit: Visit) -> str:
    kind = visit.path["kind"]
    if kind not in _TITLES:
        raise NotFound
    return kind


async def form(visit: Visit) -> Page:
    """Show the form of a leave, a correction or overtime, with what was typed."""
    return _form_page(visit, Sent.model_validate(dict(visit.typed)))


def _form_page(visit: Visit, sent: Sent) -> Page:
    kind, errors = _kind(visit), errors_of(visit)
    said = dict(sent.said) if sent.token else _at_first(visit, kind)
    overlaps = isinstance(visit.refused, Overlap) or bool(said.get("overlap"))
    fields = [
        replace(each, name=f"{PREFIX}{each.name}", value=said.get(each.name, ""), error=errors.get(each.name))
        for each in _fields(kind, overlaps=overlaps)
    ]
    values = {
        "path": f"/approvals/new/my-time/{kind}",
        "fields": fields,
        "hidden": [("token", token_for(sent.token))],
        "takes_files": False,
        "back": "/approvals/new",
        "is_changed": False,
    }
    return Page("ask.html", _TITLES[kind], values, "approvals")


def _at_first(visit: Visit, kind: str) -> dict[str, str]:
    """Return what a form begins with: the days of the address, such as that of a flag, or the likeliest."""
    today = visit.today
    likely = {"leave": "", "correction": (today - _DAY).isoformat(), "overtime": today.isoformat()}[kind]
    day = visit.day("day")
    return {"first" if kind == "leave" else "day": day.isoformat() if day else likely}


def _fields(kind: str, *, overlaps: bool) -> list[Field]:
    reason = Field("reason", t("Why"), "text")
    match kind:
        case "leave":
            kinds = [(each.value, absence_words(each)) for each in AbsenceKind]
            return [
                Field("kind", t("Kind"), "select", is_required=True, choices=kinds),
                Field("first", t("First day"), "date", is_required=True),
                Field("last", t("Last day"), "date", hint=t("Leave it empty for one day.")),
                Field("from", t("From what time"), "time", hint=t("Only where it is some hours of that day.")),
                Field("to", t("Until what time"), "time"),
                reason,
            ]
        case "correction":
            asks = Field("overlap", t("What is recorded there already"), "select", choices=_OVERLAPS)
            return [
                Field("day", t("Day"), "date", is_required=True),
                Field("came", t("Came at"), "time"),
                Field("left", t("Left at"), "time", hint=t("One of both is enough: the other mark stays as it is.")),
                Field("pause", t("Break, in minutes"), "number"),
                *([asks] if overlaps else []),
                reason,
            ]
        case _:
            return [
                Field("day", t("Day"), "date", is_required=True),
                Field("hours", t("Hours"), "number", hint=t("Leave it empty for all that is over the plan.")),
                reason,
            ]


@dataclass(frozen=True, slots=True)
class _Asking:
    """What was filled in, ready to be looked at or sent."""

    wish: Wish | LeaveWish | None = None
    day: date | None = None
    length: timedelta | None = None
    reason: str = ""


def _read(visit: Visit, sent: Sent) -> _Asking:
    said = sent.said
    reader = _Reader(said, ZoneInfo(visit.reader.zone))
    reason = said.get("reason", "")[:300]
    match _kind(visit):
        case "leave":
            wish = _leave(reader, visit.reader.zone)
            reader.check()
            return _Asking(wish, reason=reason)
        case "correction":
            correction = _correction(reader)
            reader.check()
            return _Asking(correction, reason=reason)
        case _:
            day, length = reader.day("day"), reader.length("hours", timedelta(hours=1))
            reader.check()
            return _Asking(day=day, length=length, reason=reason)


def _leave(reader: _Reader, zone: str) -> LeaveWish | None:
    kind = reader.said.get("kind", "")
    if kind not in AbsenceKind._value2member_map_:
        reader.errors["kind"] = MISSING
    first, last = reader.day("first"), reader.day("last", is_wanted=False)
    start, end = reader.clock("from"), reader.clock("to")
    if (start is None) != (end is None):
        reader.errors.setdefault("to" if end is None else "from", _TIME)
    if first is not None and last is not None and last < first:
        reader.errors["last"] = _BEFORE
    if reader.errors or first is None:
        return None
    if start is None or end is None:
        return LeaveWish(AbsenceKind(kind), first, last or first)
    if last is not None and last != first:
        reader.errors["from"] = t("Hours are of one day: leave the last day empty, or the hours.")
    if end <= start:
        reader.errors["to"] = _BEFORE
    return LeaveWish.of_hours(AbsenceKind(kind), reader.at(first, start), reader.at(first, end), zone)


def _correction(reader: _Reader) -> Wish | None:
    day, came, left = reader.day("day"), reader.clock("came"), reader.clock("left")
    pause = reader.length("pause", timedelta(minutes=1))
    overlap = reader.said.get("overlap", "")
    if came is None and left is None and not reader.errors:
        reader.errors["came"] = _TIME
    if reader.errors or day is None:
        return None
    if came is None:
        return Wish("check_out", reader.at(day, left or time()), break_for=pause)
    if left is None:
        return Wish("check_in", reader.at(day, came), break_for=pause)
    start, end = reader.at(day, came), reader.at(day, left)
    end = end if end > start else reader.at(day + _DAY, left)  # a night shift ends the next day
    return Wish("worked", start, end, pause, overlap=overlap if overlap in {"trim", "join", "replace"} else "")


async def look(
    visit: Visit,
    form: Sent,
    approvals: Approvals,
    corrections: Corrections,
    leaves: Leaves,
    wishes: LeaveWishes,
    overtimes: Overtimes,
) -> Page:
    """Show what would be asked of whom, or that it passes at once; or the form, to be changed."""
    if form.change:
        return _form_page(visit, form)
    kind, asking, me, now = _kind(visit), _read(visit, form), visit.reader, visit.now
    notes: list[Phrase] = []
    matter: Matter
    if isinstance(asking.wish, LeaveWish):
        fitted = await leaves.fitted(me, asking.wish, now)
        matter = LeaveMatter(fitted)
        notes = left_lines(await wishes.left(visit.portal, me, fitted, now))
    elif isinstance(asking.wish, Wish):
        matter = CorrectionMatter(await corrections.plan(me, asking.wish, now))
    else:
        matter = (await overtimes.wish(visit.portal, me, asking.day or visit.today, asking.length, now)).matter
    asked = await approvals.would_ask(matter, me, now)
    lines = [matter_title(matter), *matter_lines(matter)]
    if asking.reason:
        lines.append(t("Why: {reason}", reason=asking.reason))
    values = {
        "path": f"/approvals/new/my-time/{kind}",
        "lines": lines,
        "is_changed": False,
        "stages": [] if asked is None else [_stage(asked)],
        "passed": [],
        "is_missing": False,
        "notes": [*notes, *_notes(asked)],
        "hidden": hidden(form, token_for(form.token)),
    }
    return Page("ask_look.html", t("{what}: look at it before it is sent", what=_TITLES[kind]), values, "approvals")


def _stage(asked: Asked) -> ToldStage:
    people = tuple(verbatim(each.name) for each in asked.people)
    return ToldStage(t("Decision"), None, people, None)


def _notes(asked: Asked | None) -> list[Phrase]:
    if asked is None:
        return [t("It is small enough to need nobody: it is carried out as soon as you send it.")]
    told = []
    if asked.instead_of is not None and asked.back_after is not None:
        lead, until = asked.instead_of.name, Day(asked.back_after)
        told.append(t("{lead} is away until {day}, so somebody stands in.", lead=lead, day=until))
    elif asked.is_fallback:
        told.append(t("Your own lead cannot be asked now."))
    if asked.away_until is not None:
        told.append(t("Away until {day}: the answer may wait that long.", day=Day(asked.away_until)))
    return told


async def send(
    visit: Visit, form: Sent, requests: Requests, recording: Recording, wishes: LeaveWishes, overtimes: Overtimes,
    approvals: Approvals,
) -> Go:  # fmt: skip
    """Send it, as it fits what is recorded now; the same form is sent once."""
    if (before := await sent_before(visit, form, requests)) is not None:
        return before
    asking, me, now = _read(visit, form), visit.reader, visit.now
    token = token_in(form.token)
    if token is None:
        raise BadForm(t("This page was open for long. What you typed is here: please look at it and send it again."))
    done: Waits | Passed
    if isinstance(asking.wish, LeaveWish):
        done = await wishes.send(me, me, asking.wish, now, reason=asking.reason, request_id=token)
    elif isinstance(asking.wish, Wish):
        done = await recording.send(me, asking.wish, now, reason=asking.reason, request_id=token)
    else:
        wish = await overtimes.wish(visit.portal, me, asking.day or visit.today, asking.length, now)
        done = await approvals.ask(wish.matter, me, now, reason=asking.reason, request_id=token)
    said = t("Recorded.") if isinstance(done, Passed) else t("Sent. Here you see who is asked.")
    return Go(f"/approvals/{done.request.id}", said)

"""Leave: days away are asked for in one sentence, read back, and decided like a correction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import AbsenceKind, absence_words
from bot.domain.approval import ApprovalRequest, RequestKind
from bot.ids import new_id
from bot.messages import Reply, Say, State
from bot.services.approvals import Approvals
from bot.services.leaves import Leaves
from bot.services.seals import Seals
from bot.text import DayTime, Phrase, Time, lines, t
from bot.understanding import understand
from handlers.asking import read_back
from handlers.requests.cards import absence_span, sent
from handlers.requests.draft import Draft

router = Router("leave")


@dataclass(frozen=True, slots=True)
class ConfirmLeave(Draft):
    """We read a leave back and wait for a yes; days apart from the first ones are requests of their own."""

    leave: dict[str, Any]
    reason: str = ""
    also: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def requests(self) -> list[tuple[int, dict[str, Any]]]:
        """Id and form of every request that a yes sends."""
        return [(self.request_id, self.leave), *self.also]


@dataclass(frozen=True, slots=True)
class LeaveDays(State):
    """A leave was asked for without its days; we asked which."""

    said: str


@router.command("leave", t("Vacation, day off, sick leave"), params=t("what and when"))
async def how_to_ask(turn: Turn) -> Reply:
    """Say how a leave is asked for."""
    return turn.say(t("Just write it: “vacation from 1 to 14 July”, “day off on Friday”, “sick today”."))


@router.said("leave")
async def ask_for_leave(turn: Turn, leaves: Leaves) -> Reply:
    """Read the days back."""
    slots = turn.understood.slots
    form = _form(slots)
    if form is None:
        return turn.ask(
            LeaveDays(turn.message.text), t("From when to when? For example: “from 1 to 14 July”, “tomorrow”.")
        )
    reason = str(slots.get("reason", ""))[:300]
    asked = ConfirmLeave(new_id(), form, reason, [(new_id(), each) for each in _also(slots, form)])
    for _, each in asked.requests:
        await leaves.check(turn.employee, *_days(each), turn.now)
    text = lines(
        t("Did I get it right?"),
        t("*{what}*", what=absence_words(AbsenceKind(form["kind"]))),
        *(absence_span(*_days(each)) for _, each in asked.requests),
        _hours(form, turn.employee.zone),
        t("Why: {reason}", reason=reason) if reason else None,
        t("Days apart are requests of their own.") if asked.also else None,
    )
    return read_back(turn, asked, text)


@router.answered(LeaveDays)
async def with_days(turn: Turn, asked: LeaveDays, leaves: Leaves) -> Reply:
    """The days that were missing, read together with what was said before; anything else is a new message."""
    if turn.understood.intent in ("decline", "cancel"):
        return turn.settle(t("Dropped. Nothing was changed."))
    text = f"{asked.said} {turn.message.text}"
    found = understand(text, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    if found.intent != "leave" or found.ambiguous or _form(found.slots) is None:
        return turn.pass_on()
    reply: Reply = await ask_for_leave(turn.meaning("leave", found.slots), leaves)
    return reply


@router.agreed(ConfirmLeave)
async def send(turn: Turn, asked: ConfirmLeave, approvals: Approvals, leaves: Leaves, seals: Seals) -> Reply:
    """Ask the lead, if the days still can be had."""
    says: list[Say] = []
    for request_id, form in asked.requests:
        first, last = _days(form)
        await leaves.check(turn.employee, first, last, turn.now)
        request = ApprovalRequest(
            request_id,
            turn.portal.id,
            RequestKind.LEAVE,
            turn.employee.id,
            turn.employee.id,
            f"leave:{first}:{last}",
            form,
            turn.now,
            (),
            reason=asked.reason,
        ).recorded("asked", turn.employee.id, turn.now)
        request, deciders = await approvals.submit(request, turn.employee, turn.employee)
        says += sent(turn, request, deciders, seals).says
    return Reply(tuple(says), ends=True)


def _days(form: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(form["first"]), date.fromisoformat(form["last"])


def _also(slots: Mapping[str, object], form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the forms of the days apart from the first ones."""
    intervals = slots.get("also", ())
    days = [str(each).partition("/") for each in intervals] if isinstance(intervals, list) else []
    return [{"kind": form["kind"], "first": first, "last": last} for first, _, last in days]


def _form(slots: Mapping[str, object]) -> dict[str, Any] | None:
    """Return what a leave request stores, or None where no day was said."""
    kind = str(slots.get("kind", "other"))
    kind = kind if kind in AbsenceKind._value2member_map_ else "other"
    first, last = slots.get("from_day"), slots.get("to_day")
    start, end = slots.get("from"), slots.get("to")
    if isinstance(start, datetime) and isinstance(end, datetime):
        return {
            "kind": kind,
            "first": start.date().isoformat(),
            "last": end.date().isoformat(),
            "start": start.isoformat(),
            "end": end.isoformat(),
        }
    if not isinstance(first, date):
        return None
    return {"kind": kind, "first": first.isoformat(), "last": (last if isinstance(last, date) else first).isoformat()}


def _hours(form: Mapping[str, Any], zone: str) -> Phrase | None:
    if not form.get("start"):
        return None
    start, end = datetime.fromisoformat(form["start"]), datetime.fromisoformat(form["end"])
    return t("{start} – {end}", start=DayTime(start, zone), end=Time(end, zone))

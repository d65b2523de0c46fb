"""Business processes that ask us: a call becomes a request, and its outcome the answer that the process waits for.

A process is answered once, whatever becomes of it: by the errand that is noted in the commit in which the request ends,
or at once where nobody can be asked. Only one that is over on the portal itself is answered no more (E62).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.approvals.asked_by_process import APPROVERS, ASKED_BY_PROCESS, asked_by_process
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.process import (
    COMMENT,
    DECIDED_AT,
    DECIDED_BY,
    DECISION,
    GONE,
    REQUEST,
    CallState,
    ProcessCall,
)
from bot.domain.errors import NotAllowed
from bot.domain.events import ProcessGone, ProcessNotAsked
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.ids import new_id
from bot.ports import PortalObject, UnitOfWork
from bot.services.approvals.courses import Courses, NobodyOnRoute, Standing, Startable
from bot.services.approvals.structure import PortalStructure, Structures, person_id
from bot.services.approvals.templates import document_of, in_zone, parsed
from bot.services.automation.process_fields import INITIATOR, TEMPLATE, CannotAsk, filled, persons, said
from bot.services.unit_service import UnitService
from bot.text import Phrase, t

_LONGEST_COMMENT: Final = 2_000


def why_not(code: str, name: str = "") -> Phrase:
    """Say why nobody was asked, and what to do about it."""
    match code:
        case "template_gone":
            return t("The template “{name}” was deleted or switched off. Choose another one in the robot.", name=name)
        case "nothing_to_ask_by":
            return t("The robot names neither a template nor approvers. Choose one of the two.")
        case "field_missing":
            return t("The template needs what the robot does not say: {name}.", name=name)
        case "unknown_field":
            return t("The template has no such field: “{name}”. Correct the other fields in the robot.", name=name)
        case "value_unreadable":
            return t("The template cannot read this: “{name}”. Correct it in the robot.", name=name)
        case "unknown_person":
            return t("I do not know “{name}”: name a colleague of this portal in the robot.", name=name)
        case "approvers_not_taken":
            return t(
                "This template names its approvers itself. Leave the approvers of the robot empty, or let the template "
                "take them from the field “approvers”."
            )
        case "nobody_asks":
            return t("Nobody can be named as the one who asks. Name an initiator in the robot.")
        case _:
            return t("There is nobody to ask: whoever is named is away for good, or would decide about their own.")


class Processes(UnitService):
    """The one place where calls of our robot go on."""

    def __init__(self, uow: UnitOfWork, courses: Courses, structures: Structures) -> None:
        """Begin requests by `courses`."""
        super().__init__(uow)
        self._courses = courses
        self._structures = structures

    # A call becomes a request

    async def begin(self, portal_id: int, call_id: int, document: PortalObject | None, now: datetime) -> None:
        """Ask what a call wants to be asked; `document` is its object as just read. What began stays as it is."""
        call = await self._uow.process_calls.get(portal_id, call_id)
        portal = await self._uow.portals.get(portal_id)
        if call is None or portal is None or call.state is not CallState.WAITING:
            return
        try:
            asked = await self._asked(portal, call, document, now)
        except CannotAsk as why:
            self._refuse(portal, call, why, now)
        else:
            self._put(replace(call, state=CallState.ASKED, request_id=asked.request.id))

    async def _asked(self, portal: Portal, call: ProcessCall, document: PortalObject | None, now: datetime) -> Standing:
        chosen = await self._template(portal, call)
        structure = await self._structures.of(portal, now)
        by = await self._initiator(portal, call, document, structure)
        fields = filled(call, chosen.template, document, structure, portal.locale)
        try:
            done = await self._courses.begin(portal, chosen, by, fields, now, "", about=call.about)
        except (NobodyOnRoute, NotAllowed):
            raise CannotAsk("nobody_to_ask") from None
        return done.standing

    async def _template(self, portal: Portal, call: ProcessCall) -> Startable:
        key = said(call, TEMPLATE)
        if not key:
            if not call.properties.get(APPROVERS):
                raise CannotAsk("nothing_to_ask_by")
            template = in_zone(asked_by_process(), portal)
            version = TemplateVersion(
                portal.id, ASKED_BY_PROCESS, 1, document_of(template), TemplateState.ON, call.called_at
            )
            return Startable(version, template)
        for each in await self._uow.templates.versions(portal.id, key):
            if each.is_on:
                return Startable(each, parsed(each.document))
        raise CannotAsk("template_gone", key)

    async def _initiator(
        self, portal: Portal, call: ProcessCall, document: PortalObject | None, structure: PortalStructure
    ) -> Employee:
        """Return who asks: whom the process names, else who is responsible for its document, else who installed us."""
        if named := call.properties.get(INITIATOR):
            person = structure.employee(persons(named, structure)[0])
            if person is not None and not person.is_disabled:
                return person
        installation = await self._uow.installations.of(portal.id)
        accounts = [document.responsible if document else "", installation.installed_by if installation else ""]
        for account in accounts:
            person = structure.employee(int(account)) if account.isascii() and account.isdecimal() else None
            if person is not None and not person.is_disabled:
                return person
        admins = (each for each in structure.by_own_id.values() if each.is_admin and not each.is_disabled)
        first = min(admins, key=lambda each: each.id, default=None)
        if first is None:
            raise CannotAsk("nobody_asks")
        return first

    def _refuse(self, portal: Portal, call: ProcessCall, why: CannotAsk, now: datetime) -> None:
        """Answer a process at once that nobody was asked, and tell the administrators."""
        words = Translator(portal.locale, portal.zone, now).plain(why_not(why.code, why.name))
        values = {DECISION: "failed", COMMENT: words, DECIDED_AT: _moment(portal, now)}
        after = self._answer(call, values, words, f"process:{call.id}", now)
        self._put(replace(after, reason=why.code))
        self._uow.events.append(ProcessNotAsked(portal.id, 0, replace(after, reason=why.code), why.code, why.name))

    # A request ends

    async def ended(self, request: RoutedRequest, now: datetime) -> None:
        """Note what the processes are answered that wait for a request which has just ended, in the same commit."""
        calls = [
            each
            for each in await self._uow.process_calls.of_request(request.portal_id, request.id)
            if each.state is CallState.ASKED
        ]
        portal = await self._uow.portals.get(request.portal_id) if calls else None
        if portal is None:
            return
        standing = await self._courses.standing(request, now)
        values = self._outcome(portal, standing, now)
        told = Translator(portal.locale, portal.zone, now).plain(
            t("Smena, request No. {number}: {outcome}", number=request.number, outcome=_outcome_word(request.state))
        )
        for call in calls:
            self._put(self._answer(call, values, told, f"request:{request.id}", now))

    def _outcome(self, portal: Portal, standing: Standing, now: datetime) -> dict[str, str]:
        """Return what the process is told: the decision, what was said, by whom it was decided, and when."""
        request = standing.request
        answers = [each for each in standing.answers() if each.what in ("approve", "reject", "return")]
        is_answered = not (standing.running.ended_by_clock or standing.ended_outside) and request.state in (
            "approved",
            "rejected",
        )
        decider = standing.somebody(answers[-1].actor_id) if answers and is_answered else None
        remarks = [
            (standing.somebody(each.actor_id), each.said)
            for each in standing.answers()
            if each.said and each.what in ("approve", "reject", "return", "comment")
        ]
        comment = "\n".join(f"{person.name}: {words}" if person else words for person, words in remarks)
        decided_by = f"user_{person_id(portal, decider)}" if decider is not None else ""
        return {
            DECISION: request.state,
            COMMENT: comment[:_LONGEST_COMMENT],
            DECIDED_BY: decided_by if decided_by.removeprefix("user_").isdecimal() else "",
            DECIDED_AT: _moment(portal, request.ended_at or now),
            REQUEST: str(request.number),
        }

    def _answer(
        self, call: ProcessCall, values: Mapping[str, Any], told: str, cause: str, now: datetime
    ) -> ProcessCall:
        """Note the answer of a call, once; one that does not wait gets none."""
        if not call.waits:
            return replace(call, state=CallState.OVER)
        form = {"call": call.id, "token": call.token, "values": dict(values), "message": told}
        self._uow.errands.add(
            Errand(new_id(), call.portal_id, ErrandKind.PROCESS_ANSWER, form, f"process:{call.id}", cause, now)
        )
        return replace(call, state=CallState.ANSWERED)

    # A process ends by itself

    async def over(self, portal_id: int, call: ProcessCall, reason: str, now: datetime) -> None:
        """Note that a process waits for us no more; its request ends where no other process waits for it."""
        if not call.is_open:
            return
        self._put(replace(call, state=CallState.OVER, reason=reason))
        if call.request_id is None:
            return
        others = await self._uow.process_calls.of_request(portal_id, call.request_id)
        if any(each.id != call.id and each.state is CallState.ASKED for each in others):
            return
        request = await self._uow.routed.get(portal_id, call.request_id)
        if request is not None and request.is_open:
            await self._courses.ended_outside(request, "process", now)

    async def term_is_over(self, portal_id: int, key: str, now: datetime) -> None:
        """A process goes on by itself, for its designer gave us so much time and no more."""
        call = await self._uow.process_calls.by_key(portal_id, key)
        if call is not None:
            await self.over(portal_id, call, "term_over", now)

    async def not_running(self, portal_id: int, calls: Sequence[int], now: datetime) -> None:
        """These processes are not there any more, as a look at the portal has shown."""
        for each in calls:
            call = await self._uow.process_calls.get(portal_id, each)
            if call is not None:
                await self.over(portal_id, call, GONE, now)

    async def answered(self, errand: Errand, now: datetime) -> None:
        """Note what became of an answer: it arrived, or nobody waited for it any more (E62)."""
        call = await self._uow.process_calls.get(errand.portal_id, int(errand.form.get("call", 0)))
        if call is None or call.state is not CallState.ANSWERED:
            return
        if errand.state is ErrandState.DONE:
            self._put(replace(call, state=CallState.OVER))
        elif errand.state is ErrandState.LEFT and errand.reason == GONE:
            self._put(replace(call, state=CallState.OVER, reason=GONE))
            request = (
                await self._uow.routed.get(call.portal_id, call.request_id) if call.request_id is not None else None
            )
            self._uow.events.append(ProcessGone(call.portal_id, 0, call, 0 if request is None else request.number))
            await self._note_in_timeline(call, request, now)

    async def _note_in_timeline(self, call: ProcessCall, request: RoutedRequest | None, now: datetime) -> None:
        """Say it where people look at the object itself, for its process will not."""
        portal, ref = await self._uow.portals.get(call.portal_id), call.about
        if portal is None or ref is None or request is None:
            return
        words = Translator(portal.locale, portal.zone, now).plain(
            t(
                "Smena, request No. {number}: {outcome}. The business process that asked for it was over before.",
                number=request.number,
                outcome=_outcome_word(request.state),
            )
        )
        form, key = {"object": str(ref), "text": words}, f"process:{call.id}:timeline"
        kind, cause = ErrandKind.TIMELINE_COMMENT, f"request:{request.id}"
        self._uow.errands.add(Errand(new_id(), call.portal_id, kind, form, key, cause, now, lane=str(ref)))

    def _put(self, call: ProcessCall) -> None:
        self._uow.process_calls.put(replace(call, version=call.version + 1))


def _moment(portal: Portal, at: datetime) -> str:
    return at.astimezone(ZoneInfo(portal.zone)).replace(microsecond=0).isoformat()


def _outcome_word(state: str) -> Phrase:
    match state:
        case "approved":
            return t("approved")
        case "rejected":
            return t("rejected")
        case "withdrawn":
            return t("withdrawn")
        case "expired":
            return t("time was up")
        case _:
            return t("it could not go on")

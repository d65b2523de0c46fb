"""What follows from the outcome of a request on the portal: its route's actions, as errands.

They are noted in the commit that ends the request, each under a key of its own, so that nothing is done twice; the
outcome does not depend on what becomes of them. Actions may name values of the request: `{decision}`, `{who}`,
`{comment}`, `{time}`, `{number}`, `{title}`, and each field by its key. What a name stands for is data: it fills in
values, and is never read as a form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.policy import Effect
from bot.domain.approvals.read_fields import title_key
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.routed import Entry, KeptEffect, RoutedRequest
from bot.domain.approvals.told import titled
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.noting import routed_data
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.ids import new_id
from bot.services.approvals.structure import PortalStructure
from bot.text import DayTime, Phrase, lines, t

KINDS: Final[Mapping[str, ErrandKind]] = {
    "crm_update": ErrandKind.CRM_UPDATE,
    "crm_add": ErrandKind.CRM_ADD,
    "timeline_comment": ErrandKind.TIMELINE_COMMENT,
    "task_add": ErrandKind.TASK_ADD,
    "task_complete": ErrandKind.TASK_COMPLETE,
    "task_comment": ErrandKind.TASK_COMMENT,
    "start_workflow": ErrandKind.PROCESS_START,
    "notify": ErrandKind.NOTIFY,
    "webhook": ErrandKind.WEBHOOK,
}
"""Actions that become errands. A process that asked is answered by what took its call."""
PROCESS_ANSWER: Final = "bizproc_event"
UNCONFIRMED: Final = "errands-unconfirmed"
"""The job that asks administrators about what would be done to an object that nobody could vouch for."""
_NAME: Final = re.compile(r"\{([A-Za-z_]\w{0,63})\}")
_OF_THE_ACTION: Final = frozenset({"object", "type", "title", "stage", "category", "fields", "text"})
"""What an action's arguments mean by themselves; all others of a deal's or lead's are its fields."""
_LENGTH: Final = re.compile(r"[1-9]\d{0,3}(m|h|wh|d|wd)")
_DECIDED: Final = frozenset({"approve", "reject", "return"})
_OBJECTS: Final = frozenset({"deal", "task"})
"""Types of fields that hold the number of an object."""
_OF_CRM: Final = frozenset({"deal", "lead", "smart_process"})


def cause_of(request: RoutedRequest) -> str:
    """Return under which cause a request's errands are noted."""
    return f"request:{request.id}"


def request_of(errand: Errand) -> int | None:
    """Return the id of the request that an errand comes of; None where it comes of something else."""
    kind, _, number = errand.cause.partition(":")
    return int(number) if kind == "request" and number.isdecimal() else None


def key_of(request: RoutedRequest, place: int) -> str:
    """Return under which key what follows at that place is noted."""
    return f"request:{request.id}:{place}"


def unconfirmed(request: RoutedRequest, template: ApprovalTemplate, structure: PortalStructure) -> Sequence[FormField]:
    """Return the fields with the number of an object that somebody typed and the portal did not confirm.

    It confirms what those have to do with who ask; what an administrator types is theirs to know.
    """
    initiator = structure.employee(request.running.initiator)
    if not request.is_by_hand or (initiator is not None and initiator.is_admin):
        return ()
    subject = request.running.subject
    typed = [each for each in template.form if each.type in _OBJECTS and _named_in(subject, each) is not None]
    return [each for each in typed if subject.get(title_key(each)) is None]


def _named_in(subject: Mapping[str, Any], field: FormField) -> ObjectRef | None:
    return ObjectRef.parse(f"{field.type}:{subject.get(field.key, '')}")


def is_own_news(effect: Effect | KeptEffect) -> bool:
    """Whether it is the news to whoever asked, which we tell ourselves."""
    return effect.do == "notify" and effect.args.get("to", "initiator") == "initiator"


@dataclass(frozen=True, slots=True)
class Following:
    """Makes errands of what follows from a request that has ended."""

    portal: Portal
    template: ApprovalTemplate
    structure: PortalStructure
    request: RoutedRequest
    at: datetime

    def errands(self, state: ErrandState = ErrandState.WAITING) -> list[Errand]:
        """Return them, in the order of the route."""
        found = []
        for place, effect in enumerate(self.request.effects):
            kind = KINDS.get(effect.do)
            if kind is None or effect.is_done:
                continue
            form = self._form(kind, effect.args)
            lane = str(form.get("object") or self._about(_OF_CRM | {"task"}) or cause_of(self.request))
            key, cause = key_of(self.request, place), cause_of(self.request)
            asks = state is ErrandState.WAITING and not self._is_vouched_for(str(form.get("object", "")))
            stands = ErrandState.OFFERED if asks else state
            found.append(Errand(new_id(), self.portal.id, kind, form, key, cause, self.at, lane, state=stands))
        return found

    def _is_vouched_for(self, stored: str) -> bool:
        """Whether whoever asked may have this done to that object, which is done by the application's own rights.

        A number that somebody typed is vouched for by its title, which is read for those alone who have to do with the
        object on the portal; what a rule, a robot or the template named was chosen by an administrator.
        """
        own = [each for each in self.template.form if each.type in _OBJECTS]
        typed = [each for each in own if stored and _ref(self._in_field(each.key)) == stored]
        doubtful = unconfirmed(self.request, self.template, self.structure)
        return not typed or any(each not in doubtful for each in typed)

    def _form(self, kind: ErrandKind, args: Mapping[str, Any]) -> dict[str, Any]:
        match kind:
            case ErrandKind.CRM_UPDATE:
                return {"object": self._object(args, _OF_CRM), "fields": self._fields(args)}
            case ErrandKind.CRM_ADD:
                fields = {"title": self._title(), **self._fields(args)}
                return {"type": str(args.get("type", "deal")), "fields": fields}
            case ErrandKind.TIMELINE_COMMENT:
                return {"object": self._object(args, _OF_CRM), "text": self._text(args)}
            case ErrandKind.TASK_ADD:
                return self._task(args)
            case ErrandKind.TASK_COMPLETE:
                return {"object": self._object(args, frozenset({"task"}))}
            case ErrandKind.TASK_COMMENT:
                return {"object": self._object(args, frozenset({"task"})), "text": self._text(args)}
            case ErrandKind.PROCESS_START:
                parameters = self._filled(args.get("parameters", {}))
                return {
                    "template": args.get("template", 0),
                    "object": self._object(args, _OF_CRM),
                    "parameters": parameters,
                }
            case ErrandKind.WEBHOOK:
                return {"name": str(args.get("name", "")), "data": self._outcome()}
            case _:
                return {"account": self._account(args.get("to")), "text": self._text(args), "link": self._link()}

    def _outcome(self) -> dict[str, Any]:
        """Return what a program is told: how it ended, and by whom; fields are in the object, for who may have it."""
        answer = self._answer()
        by = None if answer is None or answer.actor_id is None else str(answer.actor_id)
        ended_at = (self.request.ended_at or self.at).isoformat(timespec="seconds").replace("+00:00", "Z")
        return routed_data(self.request) | {"by_id": by, "ended_at": ended_at}

    # What it is done to

    def _object(self, args: Mapping[str, Any], kinds: frozenset[str]) -> str:
        """Return the object: of the field that `object` names, else what the request is about; "" where none is."""
        named = args.get("object")
        if isinstance(named, str) and named:
            return _ref(ObjectRef.parse(named) or self._in_field(named))
        return _ref(self._about(kinds))

    def _about(self, kinds: frozenset[str]) -> ObjectRef | None:
        about = self.request.about
        if about is not None and about.kind in kinds:
            return about
        found = (self._in_field(each.key) for each in self.template.form)
        return next((each for each in found if each is not None and each.kind in kinds), None)

    def _in_field(self, key: str) -> ObjectRef | None:
        field = next((each for each in self.template.form if each.key == key), None)
        return None if field is None else _named_in(self.request.running.subject, field)

    # Whom

    def _account(self, who: Any) -> str:
        """Return an account: the initiator, a number, or the person in a field."""
        if who == "initiator" or who is None:
            return str(self.request.running.initiator)
        value = self.request.running.subject.get(who, who) if isinstance(who, str) else who
        return str(value)

    # What is written

    def _fields(self, args: Mapping[str, Any]) -> dict[str, Any]:
        given = args.get("fields")
        others = {name: each for name, each in args.items() if name not in _OF_THE_ACTION}
        written = {**others, **(given if isinstance(given, Mapping) else {})}
        fields = {_camel(name): value for name, value in self._filled(written).items()}
        for name, field in (("stage", "stageId"), ("category", "categoryId"), ("title", "title")):
            if name in args:
                fields[field] = self._value(args[name])
        return fields

    def _filled(self, values: Any) -> dict[str, Any]:
        return {name: self._value(each) for name, each in values.items()} if isinstance(values, Mapping) else {}

    def _value(self, value: Any) -> Any:
        """Fill in names; one that stands alone is its value as it is, such as a sum."""
        if not isinstance(value, str):
            return value
        whole = _NAME.fullmatch(value)
        if whole is not None and (found := self._named(whole[1])) is not None:
            return found
        return _NAME.sub(lambda name: name[0] if (found := self._named(name[1])) is None else str(found), value)

    def _named(self, name: str) -> Any:
        match name:
            case "decision":
                return self._plain(decision_word(self.request.state))
            case "who":
                return self._who()
            case "comment":
                return answer.said if (answer := self._answer()) is not None else ""
            case "time":
                return self._plain(
                    Phrase("{when}", {"when": DayTime(self.request.ended_at or self.at, self.portal.zone)})
                )
            case "number":
                return self.request.number
            case "title":
                return titled(self.template.route.title, self.request.template, self.portal.locale)
            case _:
                return self.request.running.subject.get(name)

    def _answer(self) -> Entry | None:
        """Return the answer that it ended with, where it was one."""
        if self.request.running.ended_by_clock:
            return None
        return next((each for each in reversed(self.request.record) if each.what in _DECIDED), None)

    def _who(self) -> str:
        answer = self._answer()
        person = None if answer is None else self.structure.by_own_id.get(answer.actor_id or 0)
        return "" if person is None else person.name

    def _title(self) -> str:
        return str(self._value("{title} № {number}"))

    def _text(self, args: Mapping[str, Any]) -> str:
        given = args.get("text")
        if isinstance(given, str) and given.strip():
            return str(self._value(given))
        what = titled(self.template.route.title, self.request.template, self.portal.locale)
        told: list[Phrase] = [
            t("{decision}: No. {number} {what}", decision=decision_word(self.request.state), number=self.request.number,
              what=what)
        ]  # fmt: skip
        when, who = DayTime(self.request.ended_at or self.at, self.portal.zone), self._who()
        told.append(t("{person}, {time}", person=who, time=when) if who else Phrase("{when}", {"when": when}))
        if (answer := self._answer()) is not None and answer.said:
            told.append(t("“{text}”", text=answer.said))
        return self._plain(lines(*told))

    def _task(self, args: Mapping[str, Any]) -> dict[str, Any]:
        given = args.get("title")
        title = self._value(given) if isinstance(given, str) and given.strip() else self._title()
        form: dict[str, Any] = {
            "title": str(title),
            "description": self._text({"text": args.get("description", "")}),
            "responsible": self._account(args.get("responsible")),
            "about": _ref(self._about(_OF_CRM)),
        }
        deadline = self._value(args.get("deadline", ""))
        if isinstance(deadline, str) and _LENGTH.fullmatch(deadline):
            reckoning = Reckoning(ZoneInfo(self.template.route.timezone), self.structure.hours)
            until = reckoning.after(self.request.ended_at or self.at, deadline)
            deadline = until.astimezone(ZoneInfo(self.portal.zone)).isoformat(timespec="seconds")
        return {**form, "deadline": str(deadline)} if deadline else form

    def _link(self) -> str:
        return self._plain(t("Open the chat"))

    def _plain(self, phrase: Any) -> str:
        return Translator(self.portal.locale, self.portal.zone, self.at).plain(phrase)


def _camel(name: str) -> str:
    """Return a field's name as the universal methods have it; templates may name it as the older ones do."""
    if not name.isupper():
        return name
    first, *rest = name.lower().split("_")
    return first + "".join(f"_{part}" if part[:1].isdigit() else part.capitalize() for part in rest)


def _ref(ref: ObjectRef | None) -> str:
    return "" if ref is None else str(ref)


def decision_word(state: str) -> Phrase:
    """Return how a request ended, in a word."""
    match state:
        case "approved":
            return t("Approved")
        case "rejected":
            return t("Rejected")
        case "withdrawn":
            return t("Withdrawn")
        case "expired":
            return t("Time is up")
        case _:
            return t("It could not go on")


def of_place(request: RoutedRequest, place: int, errands: Sequence[Errand]) -> Errand | None:
    """Return the errand of what follows at a place; the answer to a process is noted by what took its call."""
    if request.effects[place].do == PROCESS_ANSWER:
        return next((each for each in errands if each.kind is ErrandKind.PROCESS_ANSWER), None)
    return next((each for each in errands if each.key == key_of(request, place)), None)

"""What follows where a rule holds: a request is started, errands are noted; all in the unit that saw the change.

Nothing is raised for what cannot be done: the rest is done, and the code of what was in the way is returned.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.read_fields import title_key
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.values import at
from bot.domain.automation.deeds import (
    AddComment,
    AskApproval,
    Assignee,
    ChangeFields,
    Deed,
    MakeDeal,
    MakeTask,
    MoveToStage,
    RunProcess,
    Tell,
)
from bot.domain.automation.errand import Errand, ErrandKind
from bot.domain.automation.matching import Match
from bot.domain.automation.placeholders import filled, shown, value_of
from bot.domain.automation.rule import responsible_field
from bot.domain.errors import Refusal
from bot.domain.events import ObjectTold
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.approvals.courses import Courses
from bot.services.approvals.structure import PortalStructure, Structures
from bot.services.approvals.templates import parsed
from bot.services.unit_service import UnitService

NOBODY: Final = "nobody"
"""Neither who did it nor who is responsible is known here."""
NO_TEMPLATE: Final = "no_template"
SAME_IS_OPEN: Final = "same_is_open"
"""No trouble: somebody is asked about the same already."""
_LONGEST_TITLE: Final = 250
_LONGEST_ACCOUNT: Final = 15


class Doing(UnitService):
    """Carries out what a rule does for one match."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Note in `uow`; a portal's people are read once an instant."""
        super().__init__(uow)
        self._courses = Courses(uow)
        self._structures: dict[tuple[int, datetime], PortalStructure] = {}

    async def carry_out(self, portal: Portal, match: Match, now: datetime) -> str:
        """Do everything that the rule of a match does; return the code of the first thing in the way, else ""."""
        outcome = ""
        for number, deed in enumerate(match.rule.do):
            told = await self._one(portal, match, number, deed, now)
            outcome = outcome or told
        return outcome

    async def structure(self, portal: Portal, now: datetime) -> PortalStructure:
        """Return a portal's people as of an instant."""
        found = self._structures.get((portal.id, now))
        if found is None:
            found = self._structures[portal.id, now] = await Structures(self._uow).of(portal, now)
        return found

    async def _one(self, portal: Portal, match: Match, number: int, deed: Deed, now: datetime) -> str:
        ref, values = match.change.ref, match.values
        match deed:
            case AskApproval():
                return await self._ask(portal, match, deed, now)
            case MakeTask(title=title, description=text, responsible=who, deadline=deadline):
                account = await self.account(portal, match, who, now)
                if not account:
                    return NOBODY
                form: dict[str, Any] = {
                    "title": filled(title, values)[:_LONGEST_TITLE],
                    "responsible": account,
                    "about": str(ref),
                }
                if text:
                    form["description"] = filled(text, values)
                if deadline is not None:
                    form["deadline"] = (await self._due(portal, match, deadline, now)).isoformat()
                self._errand(portal, match, number, ErrandKind.TASK_ADD, form, now)
            case MakeDeal(title=title, responsible=who, stage=stage, fields=others):
                account = await self.account(portal, match, who, now)
                if not account:
                    return NOBODY
                fields = {name: value_of(each, values) for name, each in others.items()}
                fields |= {"title": filled(title, values)[:_LONGEST_TITLE], "assignedById": int(account)}
                if stage is not None:
                    fields["stageId"] = stage
                self._errand(portal, match, number, ErrandKind.CRM_ADD, {"type": "deal", "fields": fields}, now)
            case ChangeFields(fields=changed):
                fields = {name: value_of(each, values) for name, each in changed.items()}
                kind = ErrandKind.CRM_UPDATE
                if ref.kind == "task":
                    kind, fields = ErrandKind.TASK_UPDATE, {_as_written(name): each for name, each in fields.items()}
                self._errand(portal, match, number, kind, {"object": str(ref), "fields": fields}, now)
            case MoveToStage(stage=stage):
                form = {"object": str(ref), "fields": {"stageId": stage}}
                self._errand(portal, match, number, ErrandKind.CRM_UPDATE, form, now)
            case Tell(to=people, text=text):
                return await self._tell(portal, match, number, people, filled(text, values), now)
            case AddComment(text=text):
                kind = ErrandKind.TASK_COMMENT if ref.kind == "task" else ErrandKind.TIMELINE_COMMENT
                self._errand(portal, match, number, kind, {"object": str(ref), "text": filled(text, values)}, now)
            case RunProcess(template_id=template, parameters=parameters):
                form = {
                    "object": str(ref),
                    "template": template,
                    "parameters": {name: value_of(each, values) for name, each in parameters.items()},
                }
                self._errand(portal, match, number, ErrandKind.PROCESS_START, form, now)
            case _:
                await self._tell_requests(portal, match, now)
        return ""

    # People

    async def account(self, portal: Portal, match: Match, who: Assignee, now: datetime) -> str:
        """Return the portal's account of whom a deed is for, "" where there is none."""
        match who.by:
            case "user":
                return str(who.id)
            case "field":
                return _account(at(match.values, who.path))
            case "mover":
                return _account(match.change.by) or self._responsible(match)
            case "responsible":
                return self._responsible(match)
        whose = _account(match.change.by) if who.of == "mover" else self._responsible(match)
        structure = await self.structure(portal, now)
        company = structure.company
        head = company.head_of(int(whose)) if whose and company.knows(int(whose)) else None
        return str(head) if isinstance(head, int) else ""

    def _responsible(self, match: Match) -> str:
        return _account(match.values.get(responsible_field(match.change.ref.kind)))

    async def initiator(self, portal: Portal, match: Match, now: datetime) -> Employee | None:
        """Return in whose name a request begins: who did it, else who is responsible; they work here still."""
        structure = await self.structure(portal, now)
        for account in (_account(match.change.by), self._responsible(match)):
            found = structure.employee(int(account)) if account else None
            if found is not None and not found.is_disabled:
                return found
        return None

    # Requests

    async def _ask(self, portal: Portal, match: Match, deed: AskApproval, now: datetime) -> str:
        versions = await self._uow.templates.versions(portal.id, deed.template)
        version = next((each for each in versions if each.is_on), None)
        if version is None:
            return f"{NO_TEMPLATE}:{deed.template}"
        by = await self.initiator(portal, match, now)
        if by is None:
            return NOBODY
        template = parsed(version.document)
        change = match.change
        try:
            done = await self._courses.start(
                portal,
                (version.key, version.version),
                by,
                form_values(template, deed.fields, match.values),
                now,
                "",
                about=change.ref,
                authors=change.authors | ({change.by} if change.by else set()),
            )
        except Refusal as refusal:
            return f"{refusal.code}:{deed.template}"
        return done.refusal

    async def _tell_requests(self, portal: Portal, match: Match, now: datetime) -> None:
        """Tell the open requests about the object, and those that it was made for, whether they have ended or not."""
        change = match.change
        about = [each for each in await self._uow.routed.open_of(portal.id, str(change.ref)) if each.is_open]
        tied = [
            await self._uow.routed.get(portal.id, each)
            for each in await self._uow.rules.tied(portal.id, str(change.ref))
        ]
        title, stage = shown(match.values.get("title")), shown(match.values.get(match.rule.stage_field))
        said = f"{title}: {stage}" if title else stage
        for request in {each.id: each for each in (*about, *tied) if each is not None}.values():
            told = await self._courses.told(request, f"object {change.ref} {change.what}", said, now)
            self._uow.events.append(ObjectTold(portal.id, 0, told, change, stage))

    # Errands

    async def _tell(
        self, portal: Portal, match: Match, number: int, people: list[Assignee], text: str, now: datetime
    ) -> str:
        outcome = ""
        told: set[str] = set()
        for place, who in enumerate(people):
            account = await self.account(portal, match, who, now)
            if not account:
                outcome = NOBODY
            elif account not in told:
                told.add(account)
                form = {"account": account, "text": text, "object": str(match.change.ref)}
                self._errand(portal, match, number, ErrandKind.NOTIFY, form, now, place)
        return outcome

    def _errand(
        self,
        portal: Portal,
        match: Match,
        number: int,
        kind: ErrandKind,
        form: Mapping[str, Any],
        now: datetime,
        place: int = 0,
    ) -> None:
        """Note an errand under a key of its own: what is seen again notes nothing anew."""
        cause = cause_of(match)
        lane = "" if kind is ErrandKind.NOTIFY else str(match.change.ref)
        key = f"{cause}:{number}.{place}"
        self._uow.errands.add(Errand(new_id(), portal.id, kind, form, key, cause, now, lane))

    async def _due(self, portal: Portal, match: Match, length: str, now: datetime) -> datetime:
        """Return a deadline in working time from when it happened; from now where that is past already."""
        reckoning = Reckoning(ZoneInfo(portal.zone), (await self.structure(portal, now)).hours)
        due = reckoning.after(match.at, length)
        return due if due > now else reckoning.after(now, length)


def _as_written(name: str) -> str:
    """Return the name by which a task's field is written: tasks are read as `responsibleId`, and not written so."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def cause_of(match: Match) -> str:
    """Name what an errand comes of: the rule, the object, and which move or change it was."""
    return f"rule:{match.rule.key}:{match.change.ref}:{match.occurrence}"


def form_values(template: ApprovalTemplate, fillings: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a form as a rule fills them from an object; what fits no field of the form is left out."""
    told: dict[str, Any] = {}
    for field in template.form:
        if field.key not in fillings:
            continue
        value = fitting(field, value_of(fillings[field.key], values))
        if value is None:
            continue
        told[field.key] = value
        if field.type in {"deal", "task"} and value == str(values.get("id")) and values.get("title"):
            told[title_key(field)] = shown(values["title"])
    return told


def fitting(field: FormField, value: Any) -> Any:
    """Return a value of an object as a field of a form holds it, None where it is no value of it."""
    text = shown(value)
    if not text:
        return None
    match field.type:
        case "number" | "money":
            return _number(value)
        case "person":
            return int(text) if _account(text) else None
        case "choice":
            return text if text in field.choices else None
        case "date":
            try:
                return datetime.fromisoformat(text).date().isoformat()
            except ValueError:
                return None
        case "file":
            return None
        case _:
            return text


def _number(value: Any) -> int | float | None:
    """Return a number; portals write sums as texts too, such as `1500.00` or `1500|RUB`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else value
    try:
        told = float(str(value).partition("|")[0])
    except ValueError:
        return None
    if not math.isfinite(told):
        return None
    return int(told) if told.is_integer() else told


def _account(value: Any) -> str:
    """Return an account of the portal, "" where a value names none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ACCOUNT and int(text) > 0 else ""

"""Templates tried before anybody is asked: with typed values or a real deal, at any moment. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.trial import Trial, trial
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ports import UnitOfWork
from bot.services.approvals.structure import PortalStructure, Structures, person_id
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.text import t


class NoDeal(Refusal):
    """A deal that the portal does not show."""

    code = "no_such_deal"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(t("The portal shows me no deal of that number: check it, or write the values yourself."))


@dataclass(frozen=True, slots=True)
class Tried:
    """What a request would meet, with the structure that names the people."""

    trial: Trial
    structure: PortalStructure
    person: Employee
    fields: Mapping[str, Any]


class Trials(UnitService):
    """Tries templates."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Ask the portal for deals through the channel that serves it."""
        super().__init__(uow)
        self._messengers = messengers

    async def tried(
        self,
        actor: Employee,
        portal: Portal,
        template: ApprovalTemplate,
        person: Employee,
        fields: Mapping[str, Any],
        at: datetime,
    ) -> Tried:
        """Return who would be asked if somebody asked with those fields at an instant."""
        check(actor, Right.KEEP_RULES)
        structure = await Structures(self._uow).of(portal, at)
        course = Course(
            template.route, structure.company, Reckoning(ZoneInfo(template.route.timezone), structure.hours)
        )
        return Tried(trial(course, person_id(portal, person), fields, at), structure, person, fields)

    def has_deals(self) -> bool:
        """Whether a portal can be asked for a deal."""
        return self._messengers.catalogue is not None

    async def deal(self, portal: Portal, number: int) -> Mapping[str, Any]:
        """Return a deal of the portal as it is now."""
        asks = self._messengers.catalogue
        values = None if asks is None else await asks.values(portal.key, ObjectRef("deal", number))
        if values is None:
            raise NoDeal
        return values


def seen_in(tried: Tried) -> list[Any]:
    """Return what is compared when an example is tried again: who is named in which stage, and until when."""
    seen = tried.trial.preview
    stages: list[Any] = [
        [
            each.stage.id,
            [[one.id, [seat.principal for seat in one.seats]] for one in each.tracks],
            each.due_at.isoformat(),
        ]
        for each in seen.stages
    ]
    return [*stages, ["failed", seen.failed.id]] if seen.failed is not None else stages

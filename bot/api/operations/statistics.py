"""Statistics of approvals and of hours: what the pages show, as numbers."""

from typing import Any

from bot.api.operation import Call, Operation, number_of
from bot.api.problems import NOT_FOUND, own
from bot.api.schemas.base import seconds, seconds_or_none, text_id, utc
from bot.api.schemas.statistics import (
    ApprovalsForm,
    ApprovalsQuery,
    HeldForm,
    HoursNumbers,
    HoursQuery,
    MonthHoursForm,
    OverLimit,
    PersonHoursForm,
    PersonTally,
    StageTally,
    TemplateTally,
)
from bot.domain.approvals.statistics import Tally
from bot.domain.approvals.told import titled
from bot.domain.errors import LeadsOnly, NotAllowed
from bot.domain.people.api_key import Scope
from bot.domain.people.staff import Department
from bot.domain.periods.period import PeriodTooLong
from bot.domain.rights import Reach, Right, reach
from bot.services.approvals.approvals_counted import ApprovalNumbers, ApprovalsCounted
from bot.services.people.departments import Departments
from bot.services.reports.hours_counted import HoursCounted, MonthHours, PersonHours

APPROVALS = Operation(
    "GET",
    "/statistics/approvals",
    Scope.REPORTS,
    answers=ApprovalsForm,
    query=ApprovalsQuery,
    refuses=(NotAllowed, LeadsOnly, NOT_FOUND),
)


@APPROVALS.run
async def get_approval_statistics(
    call: Call, query: ApprovalsQuery, departments: Departments, counted: ApprovalsCounted
) -> ApprovalsForm:
    """Show how long decisions took, by template, stage and person, and who holds what now."""
    call.check_days()
    department = await _department(call, query.department, departments)
    found = await counted.of(
        call.portal,
        call.person,
        query.first,
        query.last,
        call.now,
        template=query.template or "",
        department=department,
    )
    told, names = found.told, {each.id: each.name for each in found.people.values()}
    return ApprovalsForm(
        first=query.first,
        last=query.last,
        templates=[
            TemplateTally(template=key, title=_title(call, found, key), **_tally(each))
            for key, each in told.templates.items()
        ],
        stages=[
            StageTally(template=key, stage=stage, title=_stage(call, found, key, stage), **_tally(each))
            for (key, stage), each in told.stages.items()
        ],
        people=[
            PersonTally(person_id=text_id(person), name=names[person], **_tally(each))
            for person, each in told.people.items()
            if person in names
        ],
        held=[
            HeldForm(
                person_id=text_id(each.person_id),
                name=names.get(each.person_id, ""),
                count=each.count,
                since=utc(each.since),
            )
            for each in found.held
        ],
    )


HOURS = Operation(
    "GET",
    "/statistics/hours",
    Scope.REPORTS,
    answers=HoursNumbers,
    query=HoursQuery,
    refuses=(NotAllowed, LeadsOnly, PeriodTooLong, NOT_FOUND),
)


@HOURS.run
async def get_hour_statistics(
    call: Call, query: HoursQuery, departments: Departments, counted: HoursCounted
) -> HoursNumbers:
    """Show hours by person and month, and overtime against the limits of the law; one's own for an employee."""
    call.check_days()
    department = await _department(call, query.department, departments)
    days = query.first, query.last
    if department is None and reach(call.person, Right.SEE_HOURS) is Reach.OWN:
        found = await counted.own(call.portal, call.person, *days, call.now)
    else:
        found = await counted.of(call.portal, call.person, department, *days, call.now)
    return HoursNumbers(
        first=found.first,
        last=found.last,
        worked_seconds=seconds(found.worked),
        limit_two_days_seconds=seconds_or_none(found.limits.per_two_days),
        limit_year_seconds=seconds_or_none(found.limits.per_year),
        people=[_person(each) for each in found.people],
        months=[_month(each) for each in found.months],
    )


async def _department(call: Call, said: str | None, departments: Departments) -> Department | None:
    if said is None:
        return None
    found = await departments.get(call.portal, number_of(said))
    if found is None:
        raise own(NOT_FOUND)
    return found


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "asked": tally.asked,
        "decided": tally.decided,
        "expired": tally.expired,
        "median_seconds": seconds_or_none(tally.median),
        "ninetieth_seconds": seconds_or_none(tally.ninetieth),
    }


def _title(call: Call, found: ApprovalNumbers, key: str) -> str:
    template = found.templates.get(key)
    return key if template is None else titled(template.route.title, key, call.locale)


def _stage(call: Call, found: ApprovalNumbers, key: str, stage: str) -> str:
    template = found.templates.get(key)
    known = () if template is None else template.route.stages
    return next((titled(each.title, stage, call.locale) for each in known if each.id == stage), stage)


def _person(each: PersonHours) -> PersonHoursForm:
    return PersonHoursForm(
        person_id=text_id(each.employee.id),
        name=each.employee.name,
        worked_seconds=seconds(each.account.worked),
        norm_seconds=seconds_or_none(each.norm),
        balance_seconds=seconds_or_none(each.balance),
        over_seconds=seconds(each.account.over),
        overtime_seconds=seconds(each.account.overtime),
        year_overtime_seconds=seconds(each.year_overtime),
        over_limits=[
            OverLimit(
                kind=one.kind.value,
                first=one.first,
                last=one.last,
                overtime_seconds=seconds(one.overtime),
                limit_seconds=seconds(one.limit),
            )
            for one in each.over_limits
        ],
    )


def _month(each: MonthHours) -> MonthHoursForm:
    return MonthHoursForm(
        first=each.first,
        last=each.last,
        worked_seconds=seconds(each.worked),
        norm_seconds=seconds_or_none(each.norm),
        over_seconds=seconds(each.over),
        overtime_seconds=seconds(each.overtime),
    )


OPERATIONS = (APPROVALS, HOURS)

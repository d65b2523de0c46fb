"""What stands in the way of switching a template on: blanks, people and departments that are not there, too few people.

A *blank* is a group that the template names and in which nobody is: chat asks who that is, one after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.approvals.base import Titles
from bot.domain.approvals.named import everybody_named
from bot.domain.approvals.people import Company, PersonId
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.rule import Quorum, threshold
from bot.domain.approvals.stage import Track
from bot.domain.approvals.who import ByDepartment, ByEmployee, ByGroup, ByUser


class LackKind(StrEnum):
    """What is missing."""

    BLANK = "blank"
    PERSON = "person"
    """Nobody of that number works here."""
    DEPARTMENT = "department"
    """No department of that number, or nobody heads it, or nobody is in it."""
    TOO_FEW = "too_few"
    """More approvals are asked for than there are people."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing; `name` is a group's, a number, or that of a track."""

    kind: LackKind
    name: str
    needed: int = 1
    there: int = 0
    titles: Titles = field(default_factory=dict, compare=False)
    """What a track, or its stage, is called."""
    stage: int = field(default=0, compare=False)
    """The number of a track's stage."""


def lacks(template: ApprovalTemplate, company: Company) -> tuple[Lack, ...]:
    """Return what is missing, in the order of the stages, each once."""
    return tuple(dict.fromkeys(_lacks(template, company)))


def blanks(template: ApprovalTemplate, company: Company) -> tuple[Lack, ...]:
    """Return what chat can ask for."""
    return tuple(each for each in lacks(template, company) if each.kind is LackKind.BLANK)


def _lacks(template: ApprovalTemplate, company: Company) -> Iterator[Lack]:
    needed = _needed(template)
    for who in everybody_named(template):
        match who:
            case ByGroup(name=name) if not _present(company, company.group(name)):
                yield Lack(LackKind.BLANK, name, needed.get(name, 1))
            case ByUser(id=person) | ByEmployee(id=person) if not _present(company, (person,)):
                yield Lack(LackKind.PERSON, str(person))
            case ByDepartment(id=number, who=who_of):
                there = company.heads_of_department(number) if who_of == "head" else company.members(number)
                if not _present(company, there):
                    yield Lack(LackKind.DEPARTMENT, str(number))
    for number, stage in enumerate(template.route.stages, 1):
        for track in stage.tracks:
            there = _certain(track, company)
            if there and threshold(track.rule, len(there)) is None:
                needs = track.rule.n if isinstance(track.rule, Quorum) else 1
                titles = track.title or stage.title
                yield Lack(LackKind.TOO_FEW, track.id, needs, len(there), titles, number)


def _needed(template: ApprovalTemplate) -> dict[str, int]:
    """Return how many people a group needs where it is asked alone."""
    needed: dict[str, int] = {}
    for stage in template.route.stages:
        for track in stage.tracks:
            if isinstance(track.rule, Quorum) and len(track.approvers) == 1:
                (who,) = track.approvers
                if isinstance(who, ByGroup):
                    needed[who.name] = max(track.rule.n, needed.get(who.name, 1))
    return needed


def _certain(track: Track, company: Company) -> tuple[PersonId, ...]:
    """Return who is asked whoever starts; nobody where that depends on the request, or where a blank is left."""
    found: list[PersonId] = []
    for who in track.approvers:
        match who:
            case ByUser(id=person) | ByEmployee(id=person):
                found.append(person)
            case ByGroup(name=name):
                members = _present(company, company.group(name))
                if not members:
                    return ()
                found += members
            case ByDepartment(id=number, who="members"):
                found += company.members(number)
            case ByDepartment(id=number):
                found += company.heads_of_department(number)[:1]
            case _:
                return ()
    return tuple(dict.fromkeys(_present(company, tuple(found))))


def _present(company: Company, people: tuple[PersonId, ...]) -> list[PersonId]:
    return [each for each in people if company.knows(each) and company.is_active(each)]

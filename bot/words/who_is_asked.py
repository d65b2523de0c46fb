"""Who would be asked, why each of them, and until when: a request that was tried, told before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.approvals.preview import SeenStage
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.running import Running, Seat
from bot.domain.approvals.seating import Seating
from bot.domain.approvals.sentences import people, said
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.told import Telling, stage_called
from bot.domain.people.employee import Employee
from bot.services.approvals.structure import person_id
from bot.services.approvals.templates import Tried
from bot.text import DayTime, Phrase, t, verbatim
from bot.words.routed import names_in


@dataclass(frozen=True, slots=True)
class ToldStage:
    """One stage of the way that a request would go."""

    title: Phrase
    because: Phrase | None
    """Why it is needed at all, where that depends on the request."""
    people: tuple[Phrase, ...]
    due: DayTime | None
    is_missing: bool = False
    """Whether there is nobody to ask, so that nothing can be sent; `people` are then those who were looked for."""


def stages_told(
    tried: Tried, template: ApprovalTemplate, by: Employee, fields: Mapping[str, Any]
) -> tuple[list[ToldStage], list[Phrase]]:
    """Return the stages in which somebody would be asked, and, as phrases, those that the request does not need."""
    return _Told(tried, template, by, fields).all()


class _Told:
    def __init__(self, tried: Tried, template: ApprovalTemplate, by: Employee, fields: Mapping[str, Any]) -> None:
        self._tried, self._template, self._reader = tried, template, by
        self._words = Telling(template, names_in(tried.structure), by.locale).route()
        own = person_id(tried.structure.portal, by)
        running = Running(initiator=own, authors=(own,), subject=dict(fields), first_subject=dict(fields))
        self._seating = Seating(template.route, tried.structure.company, running)

    def all(self) -> tuple[list[ToldStage], list[Phrase]]:
        seen = self._tried.preview
        told = [self._seen(each) for each in seen.stages]
        if seen.failed is not None:
            told.append(self._missing(seen.failed))
        return told, [self._passed(each) for each in seen.passed]

    def _number(self, stage: Stage) -> int:
        return [each.id for each in self._template.route.stages].index(stage.id)

    def _title(self, stage: Stage) -> Phrase:
        return stage_called(stage, self._number(stage) + 1, self._reader.locale)

    def _because(self, stage: Stage) -> Phrase | None:
        condition = self._words.stages[self._number(stage)].when
        return None if condition is None else t("because {condition}", condition=said(condition))

    def _passed(self, stage: Stage) -> Phrase:
        condition = self._words.stages[self._number(stage)].when
        if condition is None:
            return self._title(stage)
        return t("{stage}: only if {condition}", stage=self._title(stage), condition=said(condition))

    def _seen(self, seen: SeenStage) -> ToldStage:
        number = self._number(seen.stage)
        told: list[Phrase] = []
        for own, track in zip(seen.stage.tracks, seen.tracks, strict=True):
            words = self._words.stages[number].tracks[seen.stage.tracks.index(own)]
            for seat in track.seats:
                told += [each for each in self._asked(seen.stage, own, words, seat) if each not in told]
        due = DayTime(seen.due_at, self._reader.zone)
        return ToldStage(self._title(seen.stage), self._because(seen.stage), tuple(told), due)

    def _missing(self, stage: Stage) -> ToldStage:
        words = self._words.stages[self._number(stage)]
        looked_for = [people(track.approvers) for track in words.tracks]
        fallback = [t("else {who}", who=people(words.fallback))] if words.fallback else []
        return ToldStage(self._title(stage), self._because(stage), (*looked_for, *fallback), None, is_missing=True)

    def _asked(self, stage: Stage, track: Track, words: Track, seat: Seat) -> list[Phrase]:
        principal = self._tried.structure.employee(seat.principal)
        why = self._why(stage, track, words, seat)
        told = []
        for holder in seat.holders:
            found = self._tried.structure.employee(holder)
            if found is None:
                continue
            name = verbatim(found.name)
            if principal is not None and principal.id != found.id:
                told.append(t("{person} for {principal}, who is away", person=name, principal=principal.name))
            elif why is not None:
                told.append(t("{person} ({why})", person=name, why=why))
            else:
                told.append(name)
        return told

    def _why(self, stage: Stage, track: Track, words: Track, seat: Seat) -> Phrase | None:
        """Say as what somebody is asked; nobody needs to be told that a person is asked as themselves."""
        for own, called in zip(track.approvers, words.approvers, strict=True):
            if seat.principal in self._seating.resolve([own]):
                return None if own.by in {"user", "employee"} else people([called])
        return t("instead of somebody who cannot be asked") if stage.fallback else None

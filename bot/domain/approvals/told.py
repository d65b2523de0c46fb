"""A route in the words of its readers: titles for ids, names for numbers. It is to be read, never to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.approvals.base import Titles
from bot.domain.approvals.condition import And, Compare, Condition, Not, Or
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.route import ApprovalRoute, ApprovalTemplate
from bot.domain.approvals.sentences import people
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.who import ByDepartment, ByEmployee, ByField, ByGroup, ByHead, ByUser, Called, Who
from bot.text import Phrase, t, verbatim


@dataclass(frozen=True, slots=True)
class Names:
    """What a portal calls its people, departments and groups."""

    people: Mapping[PersonId, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[str, Phrase] = field(default_factory=dict)

    def person(self, person: PersonId) -> Phrase:
        """Return what somebody is called."""
        found = self.people.get(person)
        return t("the person with number {id}", id=person) if found is None else verbatim(found)

    def group(self, name: str) -> Phrase:
        """Return what a group is called."""
        return self.groups.get(name) or verbatim(name)


def titled(title: Titles, name: str, locale: str) -> str:
    """Return a title in a language, in the other one, or the bare name."""
    titles = {str(language): text for language, text in title.items()}
    return titles.get(locale) or next(iter(titles.values()), "") or name


def stage_called(stage: Stage, number: int, locale: str) -> Phrase:
    """Return the title of a stage, or its number: nobody has ever read its id."""
    return verbatim(titled(stage.title, "", locale)) if stage.title else t("stage {number}", number=number)


@dataclass(frozen=True, slots=True)
class Telling:
    """Says a template to a reader of one language, with what a portal calls its people."""

    template: ApprovalTemplate
    names: Names
    locale: str

    @property
    def title(self) -> str:
        """What the template is called."""
        return titled(self.template.route.title, self.template.route.key, self.locale)

    def field(self, key: str) -> str:
        """Return what a field of the form is called."""
        found = next((each for each in self.template.form if each.key == key), None)
        return key if found is None else titled(found.title, key, self.locale)

    def stage(self, stage: Stage) -> Phrase:
        """Return what a stage is called; one without a title has its number."""
        ids = [each.id for each in self.template.route.stages]
        return stage_called(stage, ids.index(stage.id) + 1, self.locale)

    def track(self, stage: Stage, track_id: str) -> Phrase:
        """Return what a track is called; without a title a lone one is its stage, any other whoever is asked in it."""
        track = next(each for each in stage.tracks if each.id == track_id)
        if track.title:
            return verbatim(titled(track.title, track.id, self.locale))
        return self.stage(stage) if len(stage.tracks) == 1 else people(self.called(track.approvers))

    def route(self) -> ApprovalRoute:
        """Return the route with words for its names."""
        route = self.template.route
        by_id = {each.id: self.stage(each) for each in route.stages}
        policy = route.policy.model_copy(
            update={
                "four_eyes": [[by_id.get(name, name) for name in names] for names in route.policy.four_eyes],
                "watch": [self.field(name) for name in route.policy.watch],
            }
        )
        return route.model_copy(update={"stages": [self._stage(each) for each in route.stages], "policy": policy})

    def condition(self, condition: Condition | None) -> Any:
        """Return a condition with words for its fields."""
        match condition:
            case Compare():
                return condition.model_copy(update={"field": self.field(condition.field)})
            case And() | Or():
                return condition.model_copy(update={"args": [self.condition(each) for each in condition.args]})
            case Not():
                return condition.model_copy(update={"arg": self.condition(condition.arg)})
            case _:
                return None

    def _stage(self, stage: Stage) -> Stage:
        steps = [each.model_copy(update={"to": self.called(each.to)}) for each in stage.deadline.escalate]
        return stage.model_copy(
            update={
                "id": self.stage(stage),
                "when": self.condition(stage.when),
                "tracks": [self.track_told(stage, each) for each in stage.tracks],
                "fallback": self.called(stage.fallback),
                "deadline": stage.deadline.model_copy(update={"escalate": steps}),
            }
        )

    def track_told(self, stage: Stage, track: Track) -> Track:
        """Return a track with words for its names."""
        veto = track.veto if isinstance(track.veto, str) else self.called(track.veto)
        named = {"id": self.track(stage, track.id), "approvers": self.called(track.approvers), "veto": veto}
        return track.model_copy(update=named)

    def called(self, named: Sequence[Who]) -> list[Any]:
        """Return whom a route names, by the names that readers know."""
        return [self._called(each) for each in named]

    def _called(self, who: Who) -> Any:
        match who:
            case ByUser(id=person) | ByEmployee(id=person):
                return Called(self.names.person(person))
            case ByDepartment(id=number, who=who_of) if number in self.names.departments:
                name = self.names.departments[number]
                if who_of == "head":
                    return Called(t("the head of “{department}”", department=name))
                return Called(t("everybody in “{department}”", department=name))
            case ByGroup(name=name):
                return Called(self.names.group(name))
            case ByField(path=path):
                return who.model_copy(update={"path": self.field(path)})
            case ByHead(of=of) if of != "initiator":
                return who.model_copy(update={"of": self.field(of)})
            case _:
                return who

"""How a trial of a template reads: who is asked and why, what is passed over, deadlines as dates, what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.running import Seat
from bot.domain.approvals.sentences import decides, listed, people, said
from bot.domain.approvals.told import Telling
from bot.domain.approvals.trial import Step
from bot.domain.approvals.who import ByEmployee, ByUser, Who
from bot.services.approvals.trials import Tried
from bot.text import DayTime, Phrase, t, verbatim
from bot.words.templates import names_of


@dataclass(frozen=True, slots=True)
class TriedTrack:
    """Those who are asked together, and what is enough of them; a lone track has no title of its own."""

    title: Phrase | None
    rule: Phrase
    people: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class TriedStage:
    """A stage as a trial tells it."""

    title: Phrase
    opens: Phrase | None
    because: Phrase | None
    tracks: tuple[TriedTrack, ...]
    steps: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class TrialWords:
    """What a trial came to, in words."""

    stages: tuple[TriedStage, ...]
    passed: tuple[Phrase, ...]
    end: Phrase
    effects: tuple[Phrase, ...]


def trial_words(template: ApprovalTemplate, tried: Tried, locale: str) -> TrialWords:
    """Say who would be asked, why, until when, and what follows."""
    told = Telling(template, names_of(tried.structure), locale)
    seen = tried.trial.preview
    stages = []
    for each in seen.stages:
        rules = {track.id: decides(told.track_told(each.stage, track)) for track in each.stage.tracks}
        tracks = [
            TriedTrack(
                told.track(each.stage, track.id) if len(each.tracks) > 1 else None,
                rules[track.id],
                tuple(_asked(seat, tried.trial.why.get((each.stage.id, track.id, seat.principal)), told)
                      for seat in track.seats),
            )
            for track in each.tracks
        ]  # fmt: skip
        condition = each.stage.when
        stages.append(
            TriedStage(
                told.stage(each.stage),
                t("its people are asked {when}", when=DayTime(each.opens_at)),
                None if condition is None else t("because {condition}", condition=said(told.condition(condition))),
                tuple(tracks),
                tuple(_step(step, told, each.stage.deadline.on_expire) for step in tried.trial.steps[each.stage.id]),
            )
        )
    passed = tuple(
        t("{stage}: passed over, for it is not so that {condition}",
          stage=told.stage(each), condition=said(told.condition(each.when)))
        if each.when is not None
        else t("{stage}: passed over", stage=told.stage(each))
        for each in seen.passed
    )  # fmt: skip
    end = (
        t("If everybody approves, it is approved.")
        if seen.failed is None
        else t("{stage}: there is nobody to ask, the request would fail.", stage=told.stage(seen.failed))
    )
    outcomes = template.route.outcomes
    effects = outcomes.get("approved", []) if seen.failed is None else outcomes.get("failed", [])
    return TrialWords(tuple(stages), passed, end, tuple(_effect(each.do) for each in effects))


def _asked(seat: Seat, why: Who | None, told: Telling) -> Phrase:
    """Say who is asked, and by what, where that is more than the name."""
    name = told.names.person(seat.principal)
    stands_in = seat.holders[0] if seat.holders and seat.principal not in seat.holders else None
    if isinstance(why, ByUser | ByEmployee):
        return (
            name if stands_in is None else t("{deputy} for {person}", deputy=told.names.person(stands_in), person=name)
        )
    named = people(told.called([why])) if why is not None else t("asked instead, for nobody else can be")
    if stands_in is None:
        return t("{person}: {why}", person=name, why=named)
    return t("{deputy} for {person}: {why}", deputy=told.names.person(stands_in), person=name, why=named)


def _step(step: Step, told: Telling, on_expire: str) -> Phrase:
    at = DayTime(step.at)
    if step.escalation is None:
        return _ENDS[on_expire](at)
    who: Phrase = listed([told.names.person(each) for each in step.people]) if step.people else t("nobody more")
    if step.escalation.mode == "replace":
        return t("No answer until {when}: asked instead: {who}", when=at, who=who)
    return t("No answer until {when}: asked as well: {who}", when=at, who=who)


_ENDS = {
    "reject": lambda at: t("No answer until {when}: it is rejected", when=at),
    "expire": lambda at: t("No answer until {when}: time is up", when=at),
    "skip": lambda at: t("No answer until {when}: the stage is passed over", when=at),
    "approve": lambda at: t("No answer until {when}: the stage is approved", when=at),
}
_EFFECTS = {
    "notify": lambda: t("somebody is notified"),
    "bizproc_event": lambda: t("the business process goes on"),
    "crm_update": lambda: t("the deal or lead is changed"),
    "crm_add": lambda: t("something is added to the CRM"),
    "timeline_comment": lambda: t("the timeline tells it"),
    "task_add": lambda: t("a task is made"),
    "task_complete": lambda: t("the task is completed"),
    "task_comment": lambda: t("the task gets a comment"),
    "start_workflow": lambda: t("a business process begins"),
    "webhook": lambda: t("a webhook is called"),
}


def _effect(do: str) -> Phrase:
    return _EFFECTS[do]()


def seen_words(seen: Sequence[Any], told: Telling) -> Phrase:
    """Say who is asked in which stage, as an example keeps it."""
    stages = {each.id: told.stage(each) for each in told.template.route.stages}
    parts = []
    for each in seen:
        if each[0] == "failed":
            parts.append(t("{stage}: nobody to ask", stage=stages.get(each[1], verbatim(str(each[1])))))
            continue
        asked = [told.names.person(person) for _, seats in each[1] for person in seats]
        values = {"stage": stages.get(each[0], verbatim(str(each[0]))), "people": listed(asked)}
        until = DayTime(datetime.fromisoformat(each[2]))
        parts.append(t("{stage}: {people}, until {when}", when=until, **values))
    return listed(parts)

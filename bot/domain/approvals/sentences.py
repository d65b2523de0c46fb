"""A route read aloud: who is asked in which order, by which rule, until when, and what happens then."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.domain.approvals.base import parted
from bot.domain.approvals.condition import And, Compare, Condition, Not, Or
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import All, First, Percent, Quorum, Rule
from bot.domain.approvals.stage import Deadline, Stage, Track
from bot.domain.approvals.who import INITIATOR, ByDepartment, ByEmployee, ByField, ByGroup, ByHead, ByUser, Called, Who
from bot.text import Phrase, t, tn, verbatim


def sentences(route: ApprovalRoute) -> tuple[Phrase, ...]:
    """Return what a route does, a sentence for each thing, stages in their order."""
    told: list[Phrase] = []
    for number, stage in enumerate(route.stages, 1):
        told.extend(_stage(number, stage))
    return (*told, *_whole(route))


def _stage(number: int, stage: Stage) -> Iterable[Phrase]:
    alone = stage.tracks[0] if len(stage.tracks) == 1 else None
    name = stage.id
    if alone is not None and stage.when is None:
        yield t("{number}. “{stage}” is approved by {who}: {rule}.", number=number, stage=name, **_track(alone))
    elif alone is not None and stage.when is not None:
        yield t(
            "{number}. If {condition}, “{stage}” is approved by {who}: {rule}.",
            number=number, stage=name, condition=said(stage.when), **_track(alone),
        )  # fmt: skip
    else:
        how = (
            t("all of these must approve, side by side")
            if stage.join == "all"
            else t("it is enough that one of these approves, side by side")
        )
        if stage.when is None:
            yield t("{number}. “{stage}”: {how}.", number=number, stage=name, how=how)
        else:
            yield t(
                "{number}. If {condition}, “{stage}”: {how}.",
                number=number, stage=name, condition=said(stage.when), how=how,
            )  # fmt: skip
        for track in stage.tracks:
            called: object = track.id
            if called == people(track.approvers):  # without a title it is called by whoever is asked
                yield t("– {who}; {rule}.", **_track(track))
            else:
                yield t("– “{track}”: {who}; {rule}.", track=track.id, **_track(track))
    if stage.on_reject == "rework":
        yield t("A rejection sends it back for rework.")
    if stage.fallback:
        yield t("If there is nobody to ask: {who}.", who=people(stage.fallback))
    yield from _deadline(stage.deadline)


def _track(track: Track) -> dict[str, Phrase]:
    return {"who": people(track.approvers), "rule": decides(track)}


def decides(track: Track) -> Phrase:
    """Return what decides a track: its rule, its order, and whose rejection is final."""
    rule = rule_said(track.rule)
    if track.order == "sequential":
        rule = t("{rule}, one after the other", rule=rule)
    if track.veto == "anyone":
        rule = t("{rule}, and any rejection is final", rule=rule)
    elif not isinstance(track.veto, str) and track.veto:
        rule = t("{rule}, and a rejection of {who} is final", rule=rule, who=people(track.veto))
    return rule


def rule_said(rule: Rule) -> Phrase:
    """Return how a track is decided."""
    match rule:
        case All():
            return t("everybody must approve")
        case First():
            return t("the first answer decides")
        case Quorum(n=n):
            return tn("{count} approval is needed", "{count} approvals are needed", n)
        case Percent(min=share):
            return t("at least {share} per cent of them must approve", share=share)
        case _:
            return t("one approval is enough")


def _deadline(deadline: Deadline) -> Iterable[Phrase]:
    if deadline.remind_before:
        yield t(
            "Time to answer: {after}; reminders before the end: {reminders}.",
            after=length(deadline.after),
            reminders=listed([length(each) for each in deadline.remind_before]),
        )
    else:
        yield t("Time to answer: {after}.", after=length(deadline.after))
    for step in deadline.escalate:
        values = {"who": people(step.to), "extend": length(step.extend)}
        if step.mode == "add":
            yield t("If nobody answers in time, these are asked as well: {who}; more time: {extend}.", **values)
        else:
            yield t("If nobody answers in time, these are asked instead: {who}; more time: {extend}.", **values)
    yield _AT_LAST[deadline.on_expire]()


_AT_LAST: dict[str, Callable[[], Phrase]] = {
    "reject": lambda: t("When time is up, it is rejected."),
    "approve": lambda: t("When time is up, the stage is approved."),
    "skip": lambda: t("When time is up, the stage is passed over."),
    "expire": lambda: t("When time is up, the request expires."),
}


def _whole(route: ApprovalRoute) -> Iterable[Phrase]:
    policy, rework = route.policy, route.rework
    if policy.self_approval == "forbid":
        yield t("Nobody decides about what is their own.")
    if policy.repeat_person == "consecutive":
        yield t("Whoever approved in one stage has approved in the next.")
    for stages in policy.four_eyes:
        named = [each if isinstance(each, Phrase) else verbatim(each) for each in stages]
        yield t("Different people decide in these stages: {stages}.", stages=listed(named))
    if rework.max_rounds:
        rounds = tn("It can be reworked {count} time", "It can be reworked {count} times", rework.max_rounds)
        yield t("{rounds}; time for each: {time}.", rounds=rounds, time=length(rework.deadline))
    if policy.watch and policy.on_change != "ignore":
        watched = listed([verbatim(each) for each in policy.watch])
        if policy.on_change == "rework":
            yield t("When one of these changes, it is reworked: {fields}.", fields=watched)
        else:
            yield t("When one of these changes, those who decide are told: {fields}.", fields=watched)
    if policy.undo_seconds:
        yield t("An answer can be taken back for {seconds} s.", seconds=policy.undo_seconds)
    yield t("All of it ends after {limit} at the latest.", limit=length(route.hard_limit))


def people(named: Iterable[Who | Called]) -> Phrase:
    """Return whom a route names, as people read it."""
    return listed([_who(who) for who in named])


def _who(who: Who | Called) -> Phrase:
    match who:
        case Called(name=name):
            return name
        case ByUser(id=person):
            return t("the person with number {id}", id=person)
        case ByEmployee(id=key):
            return t("the person with number {id}", id=key)
        case ByHead(of=of, level=1) if of == INITIATOR:
            return t("the initiator's head")
        case ByHead(of=of, level=level) if of == INITIATOR:
            return t("the initiator's head, level {level}", level=level)
        case ByHead(of=of, level=1):
            return t("the head of whoever stands in “{field}”", field=of)
        case ByHead(of=of, level=level):
            return t("the head, level {level}, of whoever stands in “{field}”", level=level, field=of)
        case ByDepartment(id=department, who="head"):
            return t("the head of department {id}", id=department)
        case ByDepartment(id=department):
            return t("everybody in department {id}", id=department)
        case ByGroup(name=name):
            return t("the group “{name}”", name=name)
        case ByField(path=path):
            return t("whoever stands in “{field}”", field=path)


def said(condition: Condition) -> Phrase:
    """Return a condition as people read it."""
    match condition:
        case Compare():
            return _compared(condition)
        case And(args=args):
            return _joined([_inside(each) for each in args], lambda a, b: t("{a} and {b}", a=a, b=b))
        case Or(args=args):
            return _joined([_inside(each) for each in args], lambda a, b: t("{a} or {b}", a=a, b=b))
        case Not(arg=arg):
            return t("it is not so that {condition}", condition=_inside(arg))


def _inside(condition: Condition) -> Phrase:
    whole = said(condition)
    return whole if isinstance(condition, Compare) else Phrase("({whole})", {"whole": whole})


def _compared(this: Compare) -> Phrase:
    if this.test == "empty":
        return t("“{field}” is empty", field=this.field)
    if this.test == "changed":
        return t("“{field}” has changed since the start", field=this.field)
    if this.test == "in":
        values = this.value if isinstance(this.value, list) else [this.value]
        return t("“{field}” is one of {values}", field=this.field, values=listed([said_value(each) for each in values]))
    return Phrase(
        "{field} {sign} {value}", {"field": this.field, "sign": _SIGNS[this.test], "value": said_value(this.value)}
    )


_SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}


def said_value(value: Any) -> Phrase:
    """Return a value of a condition as people read it."""
    match value:
        case None:
            return t("nothing")
        case bool():
            return t("yes") if value else t("no")
        case list():
            return listed([said_value(each) for each in value])
        case int() | float():
            return verbatim(f"{value:,}".replace(",", "\N{NO-BREAK SPACE}"))
        case _:
            return verbatim(str(value))


def length(text: str) -> Phrase:
    """Return a length of time in words."""
    number, unit = parted(text)
    match unit:
        case "m":
            return tn("{count} minute", "{count} minutes", number)
        case "h":
            return tn("{count} hour", "{count} hours", number)
        case "wh":
            return tn("{count} working hour", "{count} working hours", number)
        case "d":
            return tn("{count} day", "{count} days", number)
        case _:
            return tn("{count} working day", "{count} working days", number)


def listed(phrases: Sequence[Phrase]) -> Phrase:
    """Return phrases one after the other, with commas between them."""
    return _joined(phrases, lambda a, b: Phrase("{a}, {b}", {"a": a, "b": b}))


def _joined(phrases: Sequence[Phrase], join: Callable[[Phrase, Phrase], Phrase]) -> Phrase:
    if not phrases:
        return verbatim("–")
    whole, *rest = phrases
    for each in rest:
        whole = join(whole, each)
    return whole

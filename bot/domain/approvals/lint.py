"""What in a valid route can never be, or is likely a mistake."""

from collections.abc import Callable, Collection, Iterable, Iterator

from bot.domain.approvals.base import minutes, parted
from bot.domain.approvals.condition import comparisons
from bot.domain.approvals.files import FILES
from bot.domain.approvals.named_fields import field_names
from bot.domain.approvals.reading import Fault, Read
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import All, AnyOne, First, Percent, Quorum
from bot.domain.approvals.sentences import listed
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.who import ByUser, Who
from bot.text import Phrase, t, verbatim


def warnings(found: Read, hooks: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Return what is likely a mistake; paths begin as they do in what was read.

    `hooks` are the names of the portal's webhooks, where they are known.
    """
    route = found.route
    told = [*(each for look in _LOOKS for each in look(route)), *_hooks(route, hooks)]
    if found.template is None:
        return tuple(told)
    prefixed = [Fault(f"route.{each.path}", each.code, each.sentence) for each in told]
    known = {field.key for field in found.template.form}
    return (*prefixed, *_unknown_fields(route, known))


def _named(stage: Stage, sentence: Phrase) -> Phrase:
    return t("Stage “{stage}”: {what}", stage=stage.id, what=sentence)


def _tracks(route: ApprovalRoute) -> Iterator[tuple[str, Stage, Track]]:
    for number, stage in enumerate(route.stages):
        for place, track in enumerate(stage.tracks):
            yield f"stages[{number}].tracks[{place}]", stage, track


def _vetoes(route: ApprovalRoute) -> Iterator[Fault]:
    """E10: who must be heard needs a track of their own."""
    for at, stage, track in _tracks(route):
        if track.veto == "none":
            continue
        if isinstance(track.rule, First):
            words = t(
                "the first answer decides in track “{track}”, so the veto changes nothing: take it out.", track=track.id
            )
            yield Fault(f"{at}.veto", "veto_without_effect", _named(stage, words))
        elif not isinstance(track.rule, All) and not (isinstance(track.rule, Percent) and track.rule.min == 100):
            words = t(
                "track “{track}” can be approved before whoever has the veto answers: give them a track of their own.",
                track=track.id,
            )
            yield Fault(f"{at}.veto", "veto_not_heard", _named(stage, words))


def _quorums(route: ApprovalRoute) -> Iterator[Fault]:
    """Named people of whom one may be the initiator, and then nobody is left for the quorum."""
    if route.policy.self_approval == "allow":
        return
    for at, stage, track in _tracks(route):
        named = {who.id for who in track.approvers if isinstance(who, ByUser)}
        if len(named) < len(track.approvers) or not isinstance(track.rule, Quorum) or track.rule.n < len(named):
            continue
        words = t(
            "if one of those named in track “{track}” is the initiator, too few are left for {n} approvals: "
            "name one more, or ask for fewer.",
            track=track.id,
            n=track.rule.n,
        )
        yield Fault(f"{at}.rule.n", "quorum_without_initiator", _named(stage, words))


def _twice(route: ApprovalRoute) -> Iterator[Fault]:
    for at, stage, track in _tracks(route):
        for number, who in enumerate(track.approvers):
            if who in track.approvers[:number]:
                words = t(
                    "somebody is named twice in track “{track}”, and is asked once: take one out.", track=track.id
                )
                yield Fault(f"{at}.approvers[{number}]", "approver_twice", _named(stage, words))


def _escalations(route: ApprovalRoute) -> Iterator[Fault]:
    for number, stage in enumerate(route.stages):
        asked = _asked(stage)
        for place, step in enumerate(stage.deadline.escalate):
            if all(who in asked for who in step.to):
                words = t("the escalation asks nobody who is not asked already: name others.")
                at = f"stages[{number}].deadline.escalate[{place}].to"
                yield Fault(at, "escalation_to_the_same", _named(stage, words))
            asked = [*asked, *step.to]
        if stage.fallback and all(who in _asked(stage) for who in stage.fallback):
            words = t("the people in “fallback” are those who could not be asked: name others.")
            yield Fault(f"stages[{number}].fallback", "fallback_to_the_same", _named(stage, words))


def _asked(stage: Stage) -> list[Who]:
    return [who for track in stage.tracks for who in track.approvers]


def _four_eyes(route: ApprovalRoute) -> Iterator[Fault]:
    """Whoever sat in one stage cannot sit in the other: the same people named in both leave nobody."""
    by_id = {stage.id: (number, stage) for number, stage in enumerate(route.stages)}
    for names in route.policy.four_eyes:
        stages = [by_id[name] for name in dict.fromkeys(names)]
        for place, (number, stage) in enumerate(stages):
            before = [who for _, other in stages[:place] for who in _asked(other)]
            for track_number, track in enumerate(stage.tracks):
                if before and all(who in before for who in track.approvers):
                    words = t(
                        "everybody named in track “{track}” has sat in an earlier stage of “four_eyes”: name others.",
                        track=track.id,
                    )
                    at = f"stages[{number}].tracks[{track_number}].approvers"
                    yield Fault(at, "four_eyes_same_people", _named(stage, words))
            if before and stage.fallback and all(who in before for who in stage.fallback):
                words = t("everybody in “fallback” has sat in an earlier stage of “four_eyes”: name others.")
                yield Fault(f"stages[{number}].fallback", "four_eyes_same_people", _named(stage, words))


def _delegation(route: ApprovalRoute) -> Iterator[Fault]:
    offered = False
    for at, stage, track in _tracks(route):
        if "delegate" not in track.actions:
            continue
        offered = True
        if route.policy.delegation.scope == "none":
            words = t(
                "“delegate” is offered in track “{track}”, but the policy lets nobody: set its “scope”.", track=track.id
            )
            yield Fault(f"{at}.actions", "delegate_without_scope", _named(stage, words))
    if route.policy.delegation.scope != "none" and not offered:
        words = t("Handing over is allowed, but no track offers it: add “delegate” to its “actions”.")
        yield Fault("policy.delegation.scope", "scope_without_delegate", words)


def _rework(route: ApprovalRoute) -> Iterator[Fault]:
    used = (
        route.policy.on_change == "rework"
        or any(stage.on_reject == "rework" for stage in route.stages)
        or any("return" in track.actions for _, _, track in _tracks(route))
    )
    if route.rework.max_rounds and not used:
        yield Fault(
            "rework.max_rounds",
            "rework_unused",
            t("Rework is allowed, but nothing leads to it: add “return” to a track or “on_reject”: “rework”."),
        )
    if route.rework.keep == "same_revision" and not route.policy.watch:
        yield Fault(
            "policy.watch",
            "keep_without_watch",
            t("Approvals are kept as long as nothing watched changes, and nothing is watched: name fields in “watch”."),
        )


def _hooks(route: ApprovalRoute, known: Collection[str] | None) -> Iterator[Fault]:
    """An outcome is told to the webhook of a name; until there is one it is told to nobody."""
    for ending, effects in route.outcomes.items():
        for number, effect in enumerate(effects):
            if effect.do != "webhook":
                continue
            name = effect.args.get("name")
            at = f"outcomes.{ending}[{number}].args.name"
            if not isinstance(name, str) or not name:
                yield Fault(
                    at, "webhook_without_name", t("An outcome tells a webhook, and does not say which: name it.")
                )
            elif known is not None and name not in known:
                words = t("There is no webhook “{name}” yet: add it under Settings → Webhooks.", name=name)
                yield Fault(at, "webhook_unknown", words)


def _limits(route: ApprovalRoute) -> Iterator[Fault]:
    """A stage that may take longer than the whole may."""
    whole = minutes(route.hard_limit)
    for number, stage in enumerate(route.stages):
        steps = (stage.deadline.after, *(step.extend for step in stage.deadline.escalate))
        if sum(map(_most, steps)) > whole:
            words = t("its deadlines may reach beyond “hard_limit”, which would cut them: raise the limit.")
            yield Fault(f"stages[{number}].deadline", "limit_may_cut", _named(stage, words))


def _most(length: str) -> int:
    """Return how many minutes a length takes with the weekends in between, days of eight hours."""
    number, unit = parted(length)
    if unit not in {"wd", "wh"}:
        return minutes(length)
    days = number if unit == "wd" else -(-number // 8)
    return (days + 2 * -(-days // 5)) * 1440


def _conditions(route: ApprovalRoute) -> Iterator[Fault]:
    for number, stage in enumerate(route.stages):
        for each in comparisons(stage.when):
            needs_list = each.test == "in" and not isinstance(each.value, list)
            ordered = each.test in {"lt", "le", "gt", "ge"}
            no_order = ordered and (each.value is None or isinstance(each.value, bool | list))
            if needs_list or no_order:
                words = t("the comparison of “{field}” can never hold: check its “value”.", field=each.field)
                yield Fault(f"stages[{number}].when", "condition_never_holds", _named(stage, words))


def _alone(route: ApprovalRoute) -> Iterator[Fault]:
    """A single named person who may be the initiator, and nobody to fall back on."""
    if route.policy.self_approval == "allow":
        return
    for at, stage, track in _tracks(route):
        lonely = len(track.approvers) == 1 and isinstance(track.approvers[0], ByUser)
        if lonely and isinstance(track.rule, All | AnyOne | First) and not stage.fallback:
            words = t(
                "if the one person named in track “{track}” starts a request or leaves, it fails: name a “fallback”.",
                track=track.id,
            )
            yield Fault(f"{at}.approvers", "nobody_else", _named(stage, words))


def _unknown_fields(route: ApprovalRoute, known: set[str]) -> Iterator[Fault]:
    """Names that no field of the form has."""
    for path, name in field_names(route):
        if name not in known and name != FILES:
            words = t(
                "No field of the form is called “{name}”: add one, or write one of {fields}.",
                name=name,
                fields=listed([verbatim(each) for each in sorted(known)]),
            )
            yield Fault(f"route.{path}", "unknown_field", words)


_LOOKS: tuple[Callable[[ApprovalRoute], Iterable[Fault]], ...] = (
    _vetoes, _quorums, _alone, _twice, _escalations, _four_eyes, _delegation, _rework, _limits, _conditions,
)  # fmt: skip

"""What a route may be: what contradicts itself is refused with a path, a code and a sentence in two languages."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.approvals.checking import check, check_text
from bot.domain.approvals.reading import read
from tests.approvals.playing import example, head, quorum, route, stage, track, user

Change = Callable[[dict[str, Any]], object]
FIRST = "stages[0]"


def form() -> dict[str, Any]:
    """Return a route of two stages with everything that can be wrong in it."""
    return route(
        stage(track(user(1, 2), quorum(2)), id="one", deadline={"after": "2d", "remind_before": ["1d"]}),
        stage(track(head()), id="two", when={"op": "cmp", "field": "f", "test": "gt", "value": 1}),
        rework={"max_rounds": 1},
        policy={"watch": ["f"], "on_change": "rework"},
    )


def put(path: str, value: Any) -> Change:
    """Return a change that writes a value at a path."""

    def change(whole: dict[str, Any]) -> None:
        here: Any = whole
        *before, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in before:
            here = here[part] if isinstance(here, list) else here.setdefault(part, {})
        here[last] = value

    return change


def dropped(path: str) -> Change:
    """Return a change that takes something out."""

    def change(whole: dict[str, Any]) -> None:
        here: Any = whole
        *before, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in before:
            here = here[part]
        del here[last]

    return change


def every_stage(**values: Any) -> Change:
    """Return a change of each stage."""

    def change(whole: dict[str, Any]) -> None:
        for each in whole["stages"]:
            each.update({name: value for name, value in values.items() if name != "on_expire"})
            if "on_expire" in values:
                each["deadline"]["on_expire"] = values["on_expire"]

    return change


DEEP: dict[str, Any] = {"op": "cmp", "field": "f", "test": "empty"}
for _ in range(4):
    DEEP = {"op": "not", "arg": DEEP}
TWENTY: list[tuple[str, Change, str, str]] = [
    ("unknown key", put("stages.0.tracks.0.vetto", "none"), f"{FIRST}.tracks[0].vetto", "unknown_key"),
    (
        "quorum above the named people",
        put("stages.0.tracks.0.rule.n", 3),
        f"{FIRST}.tracks[0].rule.n",
        "quorum_too_large",
    ),
    ("quorum 0", put("stages.0.tracks.0.rule.n", 0), f"{FIRST}.tracks[0].rule.n", "too_small"),
    (
        "percent 0",
        put("stages.0.tracks.0.rule", {"type": "percent", "min": 0}),
        f"{FIRST}.tracks[0].rule.min",
        "too_small",
    ),
    ("no approvers", put("stages.0.tracks.0.approvers", []), f"{FIRST}.tracks[0].approvers", "too_few"),
    (
        "approve on expiry without policy",
        put("stages.0.deadline.on_expire", "approve"),
        f"{FIRST}.deadline.on_expire",
        "silence_approves",
    ),
    (
        "rework without rounds",
        lambda whole: (whole.update(policy={}, rework={}), put("stages.0.on_reject", "rework")(whole)),
        f"{FIRST}.on_reject",
        "rework_without_rounds",
    ),
    ("duplicate stage id", put("stages.1.id", "one"), "stages[1].id", "stage_twice"),
    (
        "reminder after its deadline",
        put("stages.0.deadline.remind_before", ["1h", "2d"]),
        f"{FIRST}.deadline.remind_before[1]",
        "reminder_after_deadline",
    ),
    ("unknown time zone", put("timezone", "Europe/Moskow"), "timezone", "unknown_zone"),
    ("missing deadline", dropped("stages.0.deadline"), f"{FIRST}.deadline", "missing"),
    ("hard limit in working time", put("hard_limit", "30wd"), "hard_limit", "bad_hard_limit"),
    ("fallback missing", put("stages.0.on_empty", "fallback"), f"{FIRST}.fallback", "fallback_missing"),
    (
        "four escalations",
        put("stages.0.deadline.escalate", [{"to": user(1), "extend": "1d"}] * 4),
        f"{FIRST}.deadline.escalate",
        "too_many",
    ),
    (
        "delegation to the initiator",
        put("policy.delegation", {"to_initiator": True}),
        "policy.delegation.to_initiator",
        "unknown_value",
    ),
    ("a condition given as code", put("stages.1.when", "amount > 5"), "stages[1].when", "not_an_object"),
    (
        "four eyes over an unknown stage",
        put("policy.four_eyes", [["one", "three"]]),
        "policy.four_eyes[0]",
        "four_eyes_unknown",
    ),
    ("rework on change without rounds", put("rework.max_rounds", 0), "rework.max_rounds", "change_without_rounds"),
    (
        "every stage conditional",
        every_stage(when={"op": "cmp", "field": "f", "test": "empty"}),
        "stages",
        "nobody_must_answer",
    ),
    ("every stage skipped on expiry", every_stage(on_expire="skip"), "stages", "nobody_must_answer"),
]
MORE: list[tuple[str, Change, str, str]] = [
    ("no reject", put("stages.0.tracks.0.actions", ["approve"]), f"{FIRST}.tracks[0].actions", "no_approve_or_reject"),
    (
        "return without rounds",
        lambda whole: (
            whole.update(policy={}, rework={}),
            put("stages.0.tracks.0.actions", ["approve", "reject", "return"])(whole),
        ),
        f"{FIRST}.tracks[0].actions",
        "return_without_rounds",
    ),
    (
        "duplicate track id",
        lambda whole: whole["stages"][0]["tracks"].append(track(user(1))),
        f"{FIRST}.tracks[1].id",
        "track_twice",
    ),
    ("fallback unused", put("stages.0.fallback", user(1)), f"{FIRST}.on_empty", "fallback_unused"),
    (
        "deadline beyond the limit",
        put("stages.0.deadline.after", "61d"),
        f"{FIRST}.deadline.after",
        "deadline_beyond_limit",
    ),
    ("condition too deep", put("stages.1.when", DEEP), "stages[1].when", "condition_too_deep"),
    ("rework on change without watch", put("policy.watch", []), "policy.watch", "change_without_watch"),
    (
        "unknown kind of person",
        put("stages.0.tracks.0.approvers", [{"by": "boss"}]),
        f"{FIRST}.tracks[0].approvers[0]",
        "unknown_kind",
    ),
    ("no kind of rule", put("stages.0.tracks.0.rule", {"n": 1}), f"{FIRST}.tracks[0].rule", "kind_missing"),
    ("a bad length", put("stages.0.deadline.after", "2 days"), f"{FIRST}.deadline.after", "bad_text"),
    ("a bad name", put("stages.0.id", "Первый"), f"{FIRST}.id", "bad_text"),
    ("a missing number", dropped("stages.0.tracks.0.rule.n"), f"{FIRST}.tracks[0].rule.n", "missing"),
    (
        "a veto of nobody known",
        put("stages.0.tracks.0.veto", [{"by": "user", "id": 0}]),
        f"{FIRST}.tracks[0].veto[0].id",
        "too_small",
    ),
    ("another schema", put("schema", "approval.route/2"), "schema", "unknown_schema"),
    ("a limit below an hour", put("hard_limit", "59m"), "hard_limit", "bad_hard_limit"),
    ("a text for a number", put("version", "two"), "version", "not_a_number"),
    ("an unknown subject", put("subjects", ["cat"]), "subjects[0]", "unknown_value"),
    ("a field without a name", put("stages.1.when.field", ""), "stages[1].when.field", "bad_text"),
]


def test_it_is_valid_as_it_is() -> None:
    """The route that is made wrong below is right."""
    assert check(form(), "en")["ok"]


@pytest.mark.parametrize(
    ("change", "path", "code"), [each[1:] for each in (*TWENTY, *MORE)], ids=[each[0] for each in (*TWENTY, *MORE)]
)
def test_refused(change: Change, path: str, code: str) -> None:
    """Each is refused where it is wrong, and told in the reader's language, never in pydantic's words."""
    wrong = copy.deepcopy(form())
    change(wrong)
    told = {}
    for locale in ("en", "ru"):
        found = check(wrong, locale)
        assert not found["ok"]
        fault = next((each for each in found["faults"] if each["path"] == path), None)
        assert fault is not None, found
        assert code == fault["code"]
        told[locale] = fault["sentence"]
        in_stage = path.startswith("stages[") and "id" not in path.split(".")[-1:]
        stage_id = wrong["stages"][int(path[7])]["id"] if in_stage else ""
        assert stage_id in fault["sentence"]
    assert told["en"] != told["ru"]
    assert not any(word in told["en"] for word in ("Input should", "validation", "Value error", "pattern"))


def test_there_are_twenty() -> None:
    """All twenty that the model was shown to refuse are here."""
    assert 20 == len(TWENTY)


def test_several_faults() -> None:
    """Everything that is wrong is told at once, a path once."""
    wrong = form()
    wrong["stages"][0]["deadline"]["after"] = "soon"
    wrong["stages"][1]["tracks"][0]["veto"] = "somebody"
    paths = [each["path"] for each in check(wrong, "en")["faults"]]
    assert ["stages[0].deadline.after", "stages[1].tracks[0].veto"] == paths


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '"route"', "null", "[" * 100_000, '{"a": NaN}', '{"schema": "\\ud800"}', "{}"]
)
def test_no_route_at_all(text: str) -> None:
    """What is no route, or no JSON, is told in one sentence."""
    found = check_text(text, "ru")
    assert (False, 1) == (found["ok"], len(found["faults"]))


def test_nested_without_end() -> None:
    """A condition nested beyond reason is refused like any other."""
    deep: dict[str, Any] = {"op": "cmp", "field": "f", "test": "empty"}
    for _ in range(300):
        deep = {"op": "not", "arg": deep}
    wrong = form()
    wrong["stages"][1]["when"] = deep
    assert not check(wrong, "en")["ok"]


def template(**more: Any) -> dict[str, Any]:
    """Return a template of the discount's route."""
    fields = [
        {"key": "amount", "title": {"en": "Amount"}, "type": "money", "required": True},
        {"key": "discount_percent", "title": {"en": "Discount"}, "type": "number"},
    ]
    return {"schema": "approval.template/1", "route": example("deal_discount"), "form": fields, **more}


def test_template() -> None:
    """A template is a route with its form; faults in its route have their path in it."""
    assert check(template(), "en")["ok"]
    wrong = template()
    wrong["route"]["stages"][1]["deadline"]["after"] = "2"
    fault = check(wrong, "en")["faults"][0]
    assert ("route.stages[1].deadline.after", True) == (fault["path"], "finance" in fault["sentence"])
    wrong = template()
    wrong["form"].append(wrong["form"][0])
    assert ("form[2].key", "field_twice") == tuple(check(wrong, "en")["faults"][0].values())[:2]
    wrong = template(form=[{"key": "kind", "title": {}, "type": "choice"}])
    assert "choices_missing" in [each["code"] for each in check(wrong, "en")["faults"]]


def warned(whole: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what is likely a mistake: where, and what kind."""
    found = check(whole, "en")
    assert found["ok"], found
    return {(each["path"], each["code"]) for each in found["warnings"]}


def test_veto_that_may_not_be_heard() -> None:
    """E10: whoever has a veto in a track that can be approved without them is pointed out."""
    assert ("stages[0].tracks[0].veto", "veto_not_heard") in warned(example("committee_expense"))
    assert ("stages[0].tracks[2].veto", "veto_not_heard") in warned(example("contract"))
    heard = route(stage(track(user(1, 2), "all", veto="anyone")))
    assert set() == warned(heard)
    assert ("stages[0].tracks[0].veto", "veto_without_effect") in warned(
        route(stage(track(user(1, 2), "first", veto="anyone")))
    )


def test_a_name_that_no_field_has() -> None:
    """A template says which name no field of its form has; a bare route has its form derived."""
    whole = template()
    whole["form"].pop()
    found = warned(whole)
    assert {("route.stages[2].when", "unknown_field"), ("route.policy.watch[1]", "unknown_field")} <= found
    assert not any(code == "unknown_field" for _, code in warned(example("deal_discount")))


WARNINGS: list[tuple[dict[str, Any], str, str]] = [
    (route(stage(track(user(1, 2), quorum(2)))), "stages[0].tracks[0].rule.n", "quorum_without_initiator"),
    (route(stage(track(user(1)))), "stages[0].tracks[0].approvers", "nobody_else"),
    (route(stage(track(user(1, 2, 1)))), "stages[0].tracks[0].approvers[2]", "approver_twice"),
    (
        route(stage(track(user(1, 2)), deadline={"escalate": [{"to": user(2), "extend": "1d"}]})),
        "stages[0].deadline.escalate[0].to",
        "escalation_to_the_same",
    ),
    (
        route(stage(track(user(1, 2)), on_empty="fallback", fallback=user(1))),
        "stages[0].fallback",
        "fallback_to_the_same",
    ),
    (
        route(
            stage(track([{"by": "group", "name": "g"}], "all"), id="a"),
            stage(track([{"by": "group", "name": "g"}]), id="b"),
            policy={"four_eyes": [["a", "b"]]},
        ),
        "stages[1].tracks[0].approvers",
        "four_eyes_same_people",
    ),
    (example("committee_expense"), "stages[1].fallback", "four_eyes_same_people"),
    (
        route(stage(track(user(1, 2), actions=["approve", "reject", "delegate"]))),
        "stages[0].tracks[0].actions",
        "delegate_without_scope",
    ),
    (
        route(stage(track(user(1, 2))), policy={"delegation": {"scope": "any"}}),
        "policy.delegation.scope",
        "scope_without_delegate",
    ),
    (route(stage(track(user(1, 2))), rework={"max_rounds": 2}), "rework.max_rounds", "rework_unused"),
    (
        route(stage(track(user(1, 2)), on_reject="rework"), rework={"max_rounds": 2, "keep": "same_revision"}),
        "policy.watch",
        "keep_without_watch",
    ),
    (
        route(stage(track(user(1, 2)), deadline={"after": "5wd"}), hard_limit="6d"),
        "stages[0].deadline",
        "limit_may_cut",
    ),
    (
        route(
            stage(track(user(1, 2))),
            stage(track(user(1, 2)), id="b", when={"op": "cmp", "field": "f", "test": "in", "value": "x"}),
        ),
        "stages[1].when",
        "condition_never_holds",
    ),
]


@pytest.mark.parametrize(("whole", "path", "code"), WARNINGS, ids=[each[2] for each in WARNINGS])
def test_warned(whole: dict[str, Any], path: str, code: str) -> None:
    """What can never be, or is likely a mistake, is pointed out where it is."""
    assert (path, code) in warned(whole)


def test_round_trip() -> None:
    """A route that was read is written as it was, but for what is left out."""
    found = read(example("contract")).route
    written = json.loads(found.model_dump_json(by_alias=True))
    assert found == read(written).route

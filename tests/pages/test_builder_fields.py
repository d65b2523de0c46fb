"""Each field of a template's model has a control, and a template that goes through its page comes back as it was."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.domain.approvals.condition import And, Compare, Not, Or
from bot.domain.approvals.policy import Effect
from bot.domain.approvals.ready import ready_made
from bot.domain.approvals.route import ApprovalRoute, ApprovalTemplate
from bot.domain.approvals.rule import All, AnyOne, First, Percent, Quorum
from bot.domain.approvals.who import ByDepartment, ByEmployee, ByField, ByGroup, ByHead, ByUser
from bot.domain.errors import BadForm
from bot.i18n import Translator
from bot.services.approvals.templates import document_of, parsed
from bot.web.builder.fields import Known, Many, Node, Whole
from bot.web.builder.nodes import _condition_in, value_in, written
from bot.web.builder.sections import controls, decoded, done, encoded
from bot.web.builder.shape import BEGINNING, END, FIXED, STAGE, _Outcomes
from bot.web.render import Speaker, _environment
from bot.web.visit import NotFound
from tests.pages.sent import sent

KINDS = {
    ByUser,
    ByEmployee,
    ByHead,
    ByDepartment,
    ByGroup,
    ByField,
    All,
    AnyOne,
    First,
    Quorum,
    Percent,
    Compare,
    And,
    Or,
    Not,
}
"""Parts of which there are several kinds; the page chooses among them, see below."""
KNOWN = Known(
    {"Анна Ким": 11, "Анна Ким #12": 12, "Борис": "900"}, {"7": "Продажи"}, {"hr": "Кадры", "lawyers": "Юристы"}
)


def models(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        if kind not in KINDS:
            for each in kind.model_fields.values():
                yield from models(each.annotation)
        return
    for each in get_args(kind):
        yield from models(each)


def wholes(node: Node) -> Iterator[Whole]:
    """Yield the parts of the model that a node shows."""
    match node:
        case Whole():
            yield node
            for each in node.nodes.values():
                yield from wholes(each)
        case Many() | _Outcomes():
            yield from wholes(node.each)
        case _:
            pass


def test_every_field_has_a_control() -> None:
    """A field of the model that the page does not show is a failed test."""
    shown: dict[type[BaseModel], set[str]] = {}
    for node in (*BEGINNING.values(), *END.values(), STAGE):
        for each in wholes(node):
            shown.setdefault(each.model, set()).update(each.nodes)
    for place in (*BEGINNING, *END):
        head, _, name = place.rpartition(".")
        shown.setdefault(ApprovalRoute if head else ApprovalTemplate, set()).add(name)
    for model in set(models(ApprovalTemplate)) - KINDS:
        expected = set(model.model_fields) - FIXED.get(model, frozenset())
        assert expected == shown[model] - FIXED.get(model, frozenset()), model.__name__
    assert Effect in shown


def through_the_page(form: dict[str, Any]) -> dict[str, Any]:
    """Open each part of a template on a page and save it as a browser sends it."""
    speaker = Speaker(Translator("ru", "UTC", datetime(2026, 7, 13, tzinfo=UTC)))
    page = _environment().from_string(
        '{% import "parts/controls.html" as forms with context %}<form id="builder">{{ forms.all(parts) }}</form>'
    )
    stages = [f"stage.{number}" for number in range(len(form["route"]["stages"]))]
    for section in ("start", *stages, "end"):
        shown = encoded(section, form, KNOWN)
        parts = controls(section, form, shown, KNOWN)
        html = page.render(parts=parts, path="/x", refused_at="", **speaker.names())
        fields = sent(html)
        assert shown == fields, section
        form = decoded(section, form, fields, KNOWN)
    return form


@pytest.mark.parametrize("key", ready_made())
def test_ready_made_ones_come_back(key: str) -> None:
    """The four routes go through the page and are what they were."""
    form = json.loads(document_of(ready_made()[key]))
    assert form == through_the_page(form)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=8)
SLUG = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,8}", fullmatch=True)
LENGTH = st.builds(lambda number, unit: f"{number}{unit}", st.integers(1, 30), st.sampled_from(["h", "wh", "d", "wd"]))
TITLES = st.dictionaries(st.sampled_from(["ru", "en"]), TEXT, max_size=2)
WHO = st.one_of(
    st.builds(lambda key: {"by": "user", "id": key}, st.sampled_from([11, 12, 99, 2**40])),
    st.builds(lambda key: {"by": "employee", "id": key}, st.sampled_from(["900", "901", "11", "00"])),
    st.builds(lambda of, level: {"by": "head_of", "of": of, "level": level}, TEXT, st.integers(1, 5)),
    st.builds(
        lambda key, who: {"by": "department", "id": key, "who": who},
        st.integers(1, 2**40),
        st.sampled_from(["head", "members"]),
    ),
    st.builds(lambda name: {"by": "group", "name": name}, SLUG),
    st.builds(lambda path: {"by": "field", "path": path}, NAME),
)
SCALAR = st.one_of(TEXT, st.integers(-(2**40), 2**40), st.sampled_from(["12", "true", '"', "a, b", " x", ""]))
VALUE = st.one_of(
    st.none(), st.booleans(), SCALAR, st.floats(allow_nan=False, allow_infinity=False), st.lists(SCALAR, max_size=3)
)
CMP = st.builds(
    lambda field, test, value: {"op": "cmp", "field": field, "test": test, "value": value},
    NAME,
    st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "in", "empty", "changed"]),
    VALUE,
)
CONDITION = st.recursive(
    CMP,
    lambda inner: st.one_of(
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda arg: {"op": "not", "arg": arg}, inner),
    ),
    max_leaves=5,
)
RULE = st.one_of(
    st.sampled_from([{"type": "all"}, {"type": "any"}, {"type": "first"}]),
    st.builds(lambda n: {"type": "quorum", "n": n}, st.integers(1, 2)),
    st.builds(lambda share: {"type": "percent", "min": share}, st.integers(1, 100)),
)
TRACK = st.fixed_dictionaries(
    {
        "title": TITLES,
        "approvers": st.lists(WHO, min_size=1, max_size=3),
        "rule": RULE,
        "order": st.sampled_from(["parallel", "sequential"]),
        "veto": st.one_of(st.sampled_from(["none", "anyone"]), st.lists(WHO, max_size=2)),
        "actions": st.sets(st.sampled_from(["return", "delegate", "ask", "comment"])).map(
            lambda some: sorted({*some, "approve", "reject"})
        ),
        "comment_required": st.sampled_from(["never", "reject", "approve", "always"]),
    }
)
STAGES = st.fixed_dictionaries(
    {
        "title": TITLES,
        "when": st.one_of(st.none(), CONDITION),
        "tracks": st.lists(TRACK, min_size=1, max_size=2),
        "join": st.sampled_from(["all", "any"]),
        "fail_fast": st.booleans(),
        "on_reject": st.sampled_from(["stop", "rework"]),
        "fallback": st.lists(WHO, max_size=2),
        "deadline": st.fixed_dictionaries(
            {
                "after": LENGTH,
                "remind_before": st.lists(st.just("5m"), max_size=2),
                "escalate": st.lists(
                    st.fixed_dictionaries(
                        {
                            "to": st.lists(WHO, min_size=1, max_size=2),
                            "mode": st.sampled_from(["add", "replace"]),
                            "extend": LENGTH,
                        }
                    ),
                    max_size=2,
                ),
                "on_expire": st.sampled_from(["reject", "approve", "skip", "expire"]),
            }
        ),
    }
)
ARGS = st.dictionaries(TEXT, st.one_of(SCALAR, st.booleans(), st.dictionaries(TEXT, SCALAR, max_size=2)), max_size=2)


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a template that is valid."""
    stages = draw(st.lists(STAGES, min_size=1, max_size=2))
    for number, stage in enumerate(stages):
        stage["id"] = f"s{number}"
        stage["on_empty"] = "fallback" if stage["fallback"] else "fail"
        for place, track in enumerate(stage["tracks"]):
            track["id"] = f"t{place}"
    watch = draw(st.lists(TEXT, max_size=3))
    route = {
        "schema": "approval.route/1",
        "key": "drawn",
        "version": 1,
        "title": draw(TITLES),
        "subjects": draw(st.lists(st.sampled_from(["deal", "lead", "custom"]), min_size=1, max_size=3)),
        "timezone": draw(st.sampled_from(["Europe/Moscow", "Asia/Yekaterinburg"])),
        "calendar": draw(SLUG),
        "hard_limit": "366d",
        "stages": stages,
        "rework": {
            "max_rounds": draw(st.integers(1, 10)),
            "deadline": draw(LENGTH),
            "resume": draw(st.sampled_from(["start", "same_stage"])),
            "keep": draw(st.sampled_from(["none", "same_revision"])),
        },
        "policy": {
            "self_approval": draw(st.sampled_from(["forbid", "allow"])),
            "repeat_person": draw(st.sampled_from(["ask", "consecutive"])),
            "four_eyes": draw(st.lists(st.just(["s0", "s0"]), max_size=1)),
            "substitution": draw(st.booleans()),
            "delegation": {
                "scope": draw(st.sampled_from(["none", "subordinates", "department", "any"])),
                "max_depth": draw(st.integers(1, 3)),
            },
            "undo_seconds": draw(st.integers(0, 600)),
            "withdraw": draw(st.sampled_from(["until_final", "never"])),
            "watch": watch,
            "on_change": draw(st.sampled_from(["ignore", "notify"])),
            "auto_approve_on_expiry": True,
        },
        "outcomes": draw(
            st.dictionaries(
                st.sampled_from(["approved", "rejected", "failed"]),
                st.lists(
                    st.fixed_dictionaries({"do": st.sampled_from(["notify", "crm_update"]), "args": ARGS}), max_size=2
                ),
                max_size=2,
            )
        ),
    }
    kinds = st.sampled_from(["text", "number", "money", "date", "person", "choice", "file", "deal", "task"])
    form = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "key": NAME,
                    "title": TITLES,
                    "type": kinds,
                    "required": st.booleans(),
                    "choices": st.lists(TEXT, min_size=1, max_size=2),
                }
            ),
            max_size=2,
            unique_by=lambda each: each["key"],
        )
    )
    start = {"by_hand": draw(st.booleans()), "api": draw(st.booleans()), "who": draw(st.lists(WHO, max_size=2))}
    document = {"schema": "approval.template/1", "route": route, "form": form, "start": start}
    found: dict[str, Any] = json.loads(document_of(ApprovalTemplate.model_validate(document)))
    return found


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(templates())
def test_a_template_comes_back_from_its_page(form: dict[str, Any]) -> None:
    """Whatever is in it: page → JSON → page is the identity, to the type of each value."""
    assert json.dumps(form) == json.dumps(through_the_page(form))
    parsed(json.dumps(form))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(VALUE, st.sampled_from(["", "text", "number"]))
def test_a_value_is_written_so_that_it_is_read(value: Any, kind: str) -> None:
    """What a comparison compares with can be typed as it is shown; of a field of texts a number is a text."""
    if value in (None, [], "") or (kind == "text" and not isinstance(value, str)) or isinstance(value, float):
        return
    if isinstance(value, list) and (kind or "" in value):
        return
    test = "in" if isinstance(value, list) else "eq"
    assert value == value_in(
        written(value), test, "" if kind == "text" and isinstance(value, str) and written(value) != value else kind
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"by": "person", "person": "анна ким"}, {"by": "user", "id": 11}),
        ({"by": "person", "person": "Борис"}, {"by": "employee", "id": "900"}),
        ({"by": "head", "of": "initiator", "level": "2"}, {"by": "head_of", "of": "initiator", "level": 2}),
        ({"by": "department", "department": "7"}, {"by": "department", "id": 7, "who": "head"}),
        ({"by": "members", "department": "7"}, {"by": "department", "id": 7, "who": "members"}),
        ({"by": "group", "group": "hr"}, {"by": "group", "name": "hr"}),
        ({"by": "field", "field": "amount"}, {"by": "field", "path": "amount"}),
    ],
)
def test_everybody_can_be_named(fields: dict[str, str], expected: dict[str, Any]) -> None:
    """Each kind of whom a template names is set by its fields."""
    place = "route.stages.0.tracks.0.approvers.0"
    form = json.loads(document_of(ready_made()["leave"]))
    told = {name: each for name, each in encoded("stage.0", form, KNOWN).items() if not name.startswith(place)}
    after = decoded("stage.0", form, told | {f"{place}.{name}": each for name, each in fields.items()}, KNOWN)
    assert expected == after["route"]["stages"][0]["tracks"][0]["approvers"][0]
    ApprovalTemplate.model_validate(after)


@pytest.mark.parametrize(
    "rule", [{"type": "all"}, {"type": "first"}, {"type": "quorum", "n": 1}, {"type": "percent", "min": 60}]
)
def test_each_rule_can_be_chosen(rule: dict[str, Any]) -> None:
    """Everybody, the first answer, so many, so many per cent."""
    place = "route.stages.0.tracks.0.rule"
    form = json.loads(document_of(ready_made()["leave"]))
    told = {name: each for name, each in encoded("stage.0", form, KNOWN).items() if not name.startswith(place)}
    after = decoded("stage.0", form, told | {f"{place}.{name}": str(each) for name, each in rule.items()}, KNOWN)
    assert rule == after["route"]["stages"][0]["tracks"][0]["rule"]


def test_conditions_are_built_by_buttons() -> None:
    """A comparison, another, a group, and taken out again until the stage is always needed."""
    form = json.loads(document_of(ready_made()["contract"]))
    place = "route.stages.0.when"
    for press in (f"add:{place}", f"add:{place}", f"group:{place}", f"add:{place}.2"):
        form = done(form, press)
    when = form["route"]["stages"][0]["when"]
    assert ("and", ["cmp", "cmp", "or"], 3) == (
        when["op"],
        [each["op"] for each in when["args"]],
        len(when["args"][2]["args"]),
    )
    ApprovalTemplate.model_validate(form)
    for press in (f"remove:{place}.2.0", f"remove:{place}.2", f"remove:{place}.0", f"remove:{place}.0"):
        form = done(form, press)
    assert form["route"]["stages"][0]["when"] is None


def test_a_stage_that_is_called_otherwise_is_found_where_it_is_named() -> None:
    """Rules about stages follow the stage's name, and lose one that is taken out."""
    form = json.loads(document_of(ready_made()["contract"]))
    told = {**encoded("stage.1", form, KNOWN), "route.stages.1.id": "signing"}
    form = decoded("stage.1", form, told, KNOWN)
    assert [["review", "signing"]] == form["route"]["policy"]["four_eyes"]
    gone = done(form, "remove:route.stages.1")
    assert [] == gone["route"]["policy"]["four_eyes"]
    with pytest.raises(ValidationError):
        ApprovalTemplate.model_validate({**form, "form": 7})


@pytest.mark.parametrize("said", ["9" * 5_000, "1e999", "-1e999", "9" * 400 + ".5"])
def test_a_number_that_is_none_is_not_taken(said: str) -> None:
    """Neither one that nobody can write, nor one that no JSON holds; nor inside a condition that is typed as JSON."""
    for kind in ("", "number"):
        with pytest.raises(BadForm):
            value_in(said, "ge", kind)
    typed = '{"op": "cmp", "field": "cost", "test": "ge", "value": %s}'
    for value in ("1e999", "Infinity", "NaN"):
        with pytest.raises(BadForm):
            _condition_in(typed % value, "when")
    assert '"1e999"' == written("1e999")


@pytest.mark.parametrize("place", ["route.title.ru.when", "route.stages.when", "route.stages." + "9" * 5_000 + ".when"])
def test_a_button_for_what_is_not_there_does_nothing(place: str) -> None:
    """As for any place that nobody offered."""
    form = json.loads(document_of(ready_made()["leave"]))
    for deed in ("remove", "add", "group"):
        with pytest.raises(NotFound):
            done(form, f"{deed}:{place}")

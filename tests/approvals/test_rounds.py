"""Changes of the subject, rework and its rounds, approvals that are kept, and ends."""

import json
from typing import Any

import pytest

from tests.approvals.playing import Game, company, route, stage, track, user

ACTIONS = ["approve", "reject", "return", "comment"]


def reworked(
    *, rounds: int = 1, resume: str = "start", keep: str = "none", on_change: str = "notify", undo: int = 0, **more: Any
) -> dict[str, Any]:
    """Return a route of two stages with rounds; the first is decided by two, the second by one."""
    return route(
        stage(track(user(1, 2), "all", actions=ACTIONS), id="first"),
        stage(track(user(3), actions=ACTIONS), id="second"),
        rework={"max_rounds": rounds, "resume": resume, "keep": keep},
        policy={"watch": ["amount"], "on_change": on_change, "undo_seconds": undo, **more},
    )


def test_e49_the_same_value() -> None:
    """E49: what is the same value is no change, with or without a point."""
    game = Game(reworked(on_change="rework")).begun(amount=100)
    for value in (100, 100.0):
        assert "pending" == game.do("change", subject={"amount": value})["state"]
    assert "rework" == game.do("change", subject={"amount": True})["state"]


@pytest.mark.parametrize(
    ("on_change", "state", "number"), [("ignore", "pending", 0), ("notify", "pending", 0), ("rework", "rework", 1)]
)
def test_e50_a_watched_field_changes(on_change: str, state: str, number: int) -> None:
    """E50: a change of what is watched is ignored, told, or sends it back, a round later."""
    game = Game(reworked(on_change=on_change)).begun(amount=100)
    assert "pending" == game.do("change", subject={"note": 1})["state"]
    line = game.do("change", subject={"amount": 200})
    assert (state, number) == (line["state"], line["round"])
    if state == "rework":
        assert (None, [], {}, "2026-01-12T10:00:00+03:00") == (
            line["stage"], line["asked"], line["tally"], line["due"]
        )  # fmt: skip


def test_a_change_stops_what_settles() -> None:
    """A change stops a stage that settles; in rework it is only noted."""
    game = Game(reworked(rounds=2, on_change="rework", undo=60)).begun(amount=1)
    game.do("approve", by=1)
    assert None is not game.do("approve", by=2)["settles"]
    assert (1, "rework") == (game.do("change", subject={"amount": 2})["round"], game.line["state"])
    assert (True, 1) == (game.do("change", subject={"amount": 3})["accepted"], game.line["round"])


def test_a_change_in_the_last_round() -> None:
    """As a return by the system: in the last round it is rejected."""
    game = Game(reworked(on_change="rework")).begun(amount=1)
    game.do("change", subject={"amount": 2})
    game.do("resubmit", by=40)
    assert "rejected" == game.do("change", subject={"amount": 3})["state"]


def test_e51_conditions_on_entering() -> None:
    """E51: whether a stage is needed is asked when it is entered, of the subject as it is then."""
    form = reworked()
    form["stages"][1]["when"] = {"op": "cmp", "field": "amount", "test": "ge", "value": 1000}
    game = Game(form).begun(amount=10)
    game.do("return", by=1)
    game.do("resubmit", by=40, subject={"amount": 1000})
    game.do("approve", by=1)
    assert "second" == game.do("approve", by=2)["stage"]
    game = Game(form).begun(amount=1000)
    game.do("change", subject={"amount": 10})
    game.do("approve", by=1)
    assert "approved" == game.do("approve", by=2)["state"]


def test_e53_return_in_the_last_round() -> None:
    """E53: a return with no round left is taken and rejects."""
    game = Game(reworked()).begun()
    assert "rework" == game.do("return", by=1)["state"]
    game.do("resubmit", by=40)
    line = game.do("return", by=2)
    assert (True, "rejected") == (line["accepted"], line["state"])


def test_a_rejection_may_be_a_return() -> None:
    """`on_reject: rework` sends back as a return does; `on_expire: reject` rejects whatever it says."""
    form = reworked()
    form["stages"][0]["on_reject"] = "rework"
    form["stages"][0]["deadline"]["on_expire"] = "reject"
    game = Game(form).begun()
    assert "rework" == game.do("reject", by=1)["state"]
    assert "rejected" == Game(form).begun().tick("wed 10:00")["state"]


def test_e54_without_changes() -> None:
    """E54: resubmitting as it is, is allowed; by the initiator alone, in rework alone."""
    game = Game(reworked()).begun()
    assert "not_allowed" == game.refusal("resubmit", by=40)
    game.do("return", by=1)
    assert "not_allowed" == game.refusal("resubmit", by=1)
    assert (True, "first", [1, 2]) == (
        game.do("resubmit", by=40)["accepted"], game.line["stage"], game.line["asked"]
    )  # fmt: skip


def test_keep_same_revision() -> None:
    """Approvals of a stage are kept while what is watched is the same, and again once it is."""
    game = Game(reworked(rounds=3, keep="same_revision")).begun(amount=1)
    game.do("approve", by=1)
    game.do("return", by=2)
    assert [2] == game.do("resubmit", by=40)["asked"]
    assert {"main": [1, 0, 1]} == game.line["tally"]
    game.do("return", by=2)
    assert [1, 2] == game.do("resubmit", by=40, subject={"amount": 2})["asked"]
    game.do("return", by=2)
    assert [1, 2] == game.do("resubmit", by=40, subject={"amount": 1})["asked"]


def test_kept_by_when_it_was_cast() -> None:
    """An approval is of the subject as it was when it was cast, whatever changed and came back."""
    game = Game(reworked(rounds=3, keep="same_revision")).begun(amount=1)
    game.do("approve", by=1)
    game.do("change", subject={"amount": 2})
    game.do("return", by=2)
    assert [1, 2] == game.do("resubmit", by=40)["asked"]
    game = Game(reworked(keep="same_revision")).begun(amount=1)
    game.do("approve", by=1)
    game.do("change", subject={"amount": 2})
    game.do("return", by=2)
    assert [2] == game.do("resubmit", by=40, subject={"amount": 1})["asked"]


def test_resume_the_same_stage() -> None:
    """It goes on where it was sent back, unless an earlier approval was of other values."""
    for changed, resumed in (({}, "second"), ({"amount": 2}, "first")):
        game = Game(reworked(resume="same_stage")).begun(amount=1)
        game.do("approve", by=1)
        game.do("approve", by=2)
        game.do("return", by=3)
        assert resumed == game.do("resubmit", by=40, subject=changed)["stage"]
    game = Game(reworked(resume="same_stage")).begun(amount=1)
    game.do("approve", by=1)
    game.do("approve", by=2)
    game.do("change", subject={"amount": 5})
    game.do("return", by=3)
    assert "first" == game.do("resubmit", by=40)["stage"]


def consecutive(*stages: dict[str, Any], **policy: Any) -> dict[str, Any]:
    """Return a route on which an approval counts in the next stage as well."""
    return route(*stages, policy={"repeat_person": "consecutive", **policy})


def test_repeat_person() -> None:
    """Who approved in the stage just before has approved in the next; a stage that is not needed does not count."""
    needless = {"op": "cmp", "field": "amount", "test": "gt", "value": 5}
    form = consecutive(
        stage(track(user(1, 2), "any"), id="a"),
        stage(track(user(9)), id="b", when=needless),
        stage(track(user(1, 3), "all"), id="c"),
        stage(track(user(2, 4), "all"), id="d"),
    )
    game = Game(form).begun(amount=1)
    line = game.do("approve", by=1)
    assert ("c", [3], {"main": [1, 0, 1]}) == (line["stage"], line["asked"], line["tally"])
    assert ("d", [2, 4]) == (game.do("approve", by=3)["stage"], game.line["asked"])


def test_repeat_person_through_to_the_end() -> None:
    """One approval may carry it through; with an undo each stage settles in its own time."""
    form = consecutive(stage(track(user(1)), id="a"), stage(track(user(1)), id="b"), undo_seconds=30)
    game = Game(form).begun()
    game.do("approve", by=1)
    line = game.tick("10:00:30")
    assert ("b", [], "2026-01-05T10:01:00+03:00") == (line["stage"], line["asked"], line["settles"])
    assert "approved" == game.tick("10:01")["state"]
    form = consecutive(stage(track(user(1)), id="a"), stage(track(user(1)), id="b"))
    assert "approved" == Game(form).begun().do("approve", by=1)["state"]


def test_e56_withdraw() -> None:
    """E56: the initiator alone withdraws, while the policy lets them; settling does not stand in the way."""
    game = Game(reworked(undo=30)).begun()
    assert "not_allowed" == game.refusal("withdraw", by=1)
    game.do("approve", by=1)
    game.do("approve", by=2)
    assert "withdrawn" == game.do("withdraw", by=40)["state"]
    assert "not_allowed" == Game(reworked(withdraw="never")).begun().refusal("withdraw", by=40)


def test_withdraw_until_the_first_decision() -> None:
    """The first decision is a ballot that was not taken back, or a return."""
    form = reworked(withdraw="until_first_decision", undo=60)
    assert None is Game(form).begun().refusal("withdraw", by=40)
    form["stages"][0]["tracks"][0]["rule"] = {"type": "any"}
    game = Game(form).begun()
    game.do("approve", by=1)
    assert "not_allowed" == game.refusal("withdraw", by=40)
    game.do("undo", by=1)
    assert None is game.refusal("withdraw", by=40)
    game = Game(form).begun()
    game.do("return", by=1)
    assert "not_allowed" == game.refusal("withdraw", by=40)


def test_authors() -> None:
    """Who changed the object is given no seat from then on; a seat that is held stays."""
    game = Game(reworked(rounds=2)).begun(amount=1)
    game.do("change", subject={"amount": 2}, by=1)
    assert (None, [2]) == (game.refusal("approve", by=1), game.line["asked"])
    assert ("second", [3]) == (game.do("approve", by=2)["stage"], game.line["asked"])
    game = Game(reworked(rounds=2)).begun(amount=1)
    game.do("change", subject={"amount": 2}, by=3)
    game.do("approve", by=1)
    assert "failed" == game.do("approve", by=2)["state"]
    allowed = Game(reworked(self_approval="allow")).begun(amount=1)
    allowed.do("change", subject={"amount": 2}, by=3)
    allowed.do("approve", by=1)
    assert [3] == allowed.do("approve", by=2)["asked"]


CONDITIONS = [
    ({"test": "eq", "value": 5}, {"f": 5.0}, True),
    ({"test": "eq", "value": 1}, {"f": True}, False),
    ({"test": "eq", "value": 5}, {"f": "5"}, False),
    ({"test": "eq"}, {}, True),
    ({"test": "ne", "value": 5}, {}, True),
    ({"test": "lt", "value": 5}, {}, False),
    ({"test": "lt", "value": 5}, {"f": 4.9}, True),
    ({"test": "lt", "value": "b"}, {"f": "a"}, True),
    ({"test": "lt", "value": 5}, {"f": "4"}, False),
    ({"test": "ge", "value": 0}, {"f": True}, False),
    ({"test": "le", "value": 5}, {"f": 5}, True),
    ({"test": "gt", "value": 5}, {"f": 5}, False),
    ({"test": "in", "value": ["a", 1]}, {"f": 1}, True),
    ({"test": "in", "value": ["a", 1]}, {"f": True}, False),
    ({"test": "in", "value": "abc"}, {"f": "a"}, False),
    ({"test": "empty"}, {}, True),
    ({"test": "empty"}, {"f": ""}, True),
    ({"test": "empty"}, {"f": []}, True),
    ({"test": "empty"}, {"f": 0}, False),
    ({"test": "empty"}, {"f": False}, False),
    ({"test": "changed"}, {"f": 1}, False),
]


@pytest.mark.parametrize(("condition", "subject", "needed"), CONDITIONS)
def test_conditions(condition: dict[str, Any], subject: dict[str, Any], needed: bool) -> None:
    """Missing is null, order compares two numbers or two texts, and nothing is converted."""
    when = {"op": "cmp", "field": "f", **condition}
    form = route(stage(track(user(1)), id="asked", when=when), stage(track(user(2))))
    assert ("asked" if needed else "only") == Game(form).start(**subject)["stage"]
    form["stages"][0]["when"] = {"op": "not", "arg": when}
    assert ("only" if needed else "asked") == Game(form).start(**subject)["stage"]


def test_changed_since_the_start() -> None:
    """`changed` compares with the start, however often it changed in between."""
    form = reworked(rounds=3)
    form["stages"][1]["when"] = {"op": "cmp", "field": "amount", "test": "changed"}
    for values, state in (([2], "pending"), ([2, 1], "approved")):
        game = Game(form).begun(amount=1)
        for value in values:
            game.do("change", subject={"amount": value})
        game.do("approve", by=1)
        assert state == game.do("approve", by=2)["state"]


def test_all_and_any_of_conditions() -> None:
    """Conditions are put together by and, or, not."""

    def over(least: int) -> dict[str, Any]:
        return {"op": "cmp", "field": "f", "test": "gt", "value": least}

    for op, value, needed in (("and", 6, False), ("and", 11, True), ("or", 6, True), ("or", 5, False)):
        form = route(
            stage(track(user(1)), id="asked", when={"op": op, "args": [over(5), over(10)]}), stage(track(user(2)))
        )
        assert needed == (Game(form).start(f=value)["stage"] == "asked")


def test_e70_a_request_keeps_its_route() -> None:
    """E70: what runs is the route that it was started with; another one counts from the next request."""
    game = Game(route(stage(track(user(1)))))
    game.start()
    other = route(stage(track(user(2))))
    assert '{"new": true}' == game.player.line(9, '{"do": "new"}')
    assert [1] == game.start()["asked"]
    assert '{"new": true}' == game.player.line(9, json.dumps({"do": "new", "route": other, "people": company(2, 40)}))
    assert [2] == game.start()["asked"]
    assert "unknown_person" == game.refusal("approve", by=1)

"""What `route play` prints and in which order it looks for reasons to refuse."""

from typing import Any

import pytest

from tests.approvals.playing import Game, company, person, route, stage, track, user

NAMES = ["accepted", "refusal", "state", "round", "stage", "asked", "tally", "due", "settles", "remind", "effects"]


def test_names_and_their_order() -> None:
    """A line has these names, before the start as after the end."""
    game = Game(route(stage(track(user(1)))))
    assert NAMES == list(game.do("tick"))
    assert NAMES == list(game.start())
    assert NAMES == list(game.do("approve", by=1))


def test_draft() -> None:
    """Before the start nothing is asked, and only time and the start itself are taken."""
    game = Game(route(stage(track(user(1)))))
    line = game.do("tick")
    assert (True, "draft", 0, None, [], {}, None, None) == tuple(
        line[name] for name in ("accepted", "state", "round", "stage", "asked", "tally", "due", "settles")
    )
    assert "not_started" == game.refusal("approve", by=99)
    assert "not_started" == game.refusal("dismiss", person=1)


def test_order_of_refusals() -> None:
    """Not started, unknown, started already, ended, inactive, then the seat, the action and the reason."""
    people = company(1, 2, person(3, active=False), 40)
    form = route(stage(track(user(1, 2), "all", comment_required="reject")))
    game = Game(form, people)
    assert ["unknown_person", "not_allowed", "draft"] == [
        game.refusal("start", by=99), game.refusal("start", by=3), game.line["state"]
    ]  # fmt: skip
    game.start()
    assert ["unknown_person", "not_allowed"] == [game.refusal("start", by=99), game.refusal("start", by=40)]
    assert ["not_allowed", "not_your_seat"] == [game.refusal("approve", by=3), game.refusal("approve", by=40)]
    assert ["not_allowed", "comment_required"] == [game.refusal("return", by=1), game.refusal("reject", by=1)]
    game.do("withdraw", by=40)
    ended = [game.refusal("start", by=40), game.refusal("approve", by=3), game.refusal("undo", by=3)]
    assert ["not_allowed", "already_decided", "not_allowed"] == ended
    assert ["unknown_person", None] == [game.refusal("approve", by=99), game.refusal("tick")]


@pytest.mark.parametrize("do", ["comment", "ask"])
def test_remarks(do: str) -> None:
    """The initiator always; who is asked if the track lets them; nobody else."""
    form = route(
        stage(track(user(1), actions=["approve", "reject", do]), track(user(2), id="b", actions=["approve", "reject"]))
    )
    game = Game(form).begun()
    found = [game.refusal(do, by=each) for each in (40, 1, 2, 3)]
    assert [None, None, "not_allowed", "not_your_seat"] == found


def test_in_rework_nobody_has_a_seat() -> None:
    """In rework a press is not that of a seat; the initiator may still comment and withdraw."""
    form = route(stage(track(user(1), actions=["approve", "reject", "return"])), rework={"max_rounds": 1})
    game = Game(form).begun()
    game.do("return", by=1)
    found = [game.refusal(do, by=1, to=2) for do in ("approve", "return", "delegate", "comment")]
    assert ["not_your_seat"] * 4 == found
    assert [None, "nothing_to_take_back"] == [game.refusal("comment", by=40), game.refusal("undo", by=1)]
    assert ["rework", "withdrawn"] == [game.line["state"], game.do("withdraw", by=40)["state"]]


def test_after_the_end() -> None:
    """I6: nothing is taken after the end; who has a ballot is told that it is too late to take it back."""
    game = Game(route(stage(track(user(1))))).begun()
    game.do("approve", by=1)
    found = [
        game.refusal(do, **more)
        for do, more in (("approve", {"by": 1}), ("change", {"subject": {}}), ("withdraw", {"by": 40}))
    ]
    assert ["already_decided"] * 3 == found
    assert ["too_late_to_take_back", "nothing_to_take_back"] == [game.refusal("undo", by=each) for each in (1, 2)]


def test_stage_that_was_left() -> None:
    """A ballot of a stage that was left is not taken back."""
    game = Game(
        route(stage(track(user(1)), id="a"), stage(track(user(2)), id="b"), policy={"undo_seconds": 30})
    ).begun()
    game.do("approve", by=1)
    assert "b" == game.tick("10:01")["stage"]
    assert "too_late_to_take_back" == game.refusal("undo", by=1)


def test_effects() -> None:
    """At an end what its outcome says is done, with its arguments, on that line alone."""
    outcomes = {"approved": [{"do": "crm_update", "args": {"A": 1, "B": True, "C": {"d": "e"}}}, {"do": "notify"}]}
    game = Game(route(stage(track(user(1))), outcomes=outcomes)).begun()
    wanted = [{"do": "crm_update", "args": {"A": 1, "B": True, "C": {"d": "e"}}}, {"do": "notify", "args": {}}]
    assert wanted == game.do("approve", by=1)["effects"]
    assert [] == game.do("tick")["effects"]
    withdrawn = Game(route(stage(track(user(1))), outcomes=outcomes)).begun()
    assert [] == withdrawn.do("withdraw", by=40)["effects"]


@pytest.mark.parametrize(
    ("zone", "due"), [(None, "2026-01-07T10:00:00+03:00"), ("Asia/Tokyo", "2026-01-07T10:00:00+09:00")]
)
def test_zone(zone: str | None, due: str) -> None:
    """Instants without an offset are read in `--zone` and all are printed in it; without, in the route's."""
    deadline = {"after": "2d"}
    assert due == Game(route(stage(track(user(1)), deadline=deadline)), zone=zone).start()["due"]


def test_zone_of_days() -> None:
    """A bare date in `away` is its first instant in the route's zone, whatever is printed."""
    people = company(person(1, away=[["2026-01-05", "2026-01-06"]], substitute=2), 2, 40)
    game = Game(route(stage(track(user(1)), deadline={"after": "2d"})), people, zone="UTC").begun()
    assert [2] == game.tick("mon 20:59:59")["asked"]
    assert [1] == game.tick("mon 21:00")["asked"]


def test_ids_may_be_texts() -> None:
    """Numbers come before texts among those who are asked."""
    people = company(person("9"), person("10"), 2, 40)
    who: list[dict[str, Any]] = [{"by": "employee", "id": "9"}, {"by": "employee", "id": "10"}, *user(2)]
    assert [2, "10", "9"] == Game(route(stage(track(who))), people).start()["asked"]

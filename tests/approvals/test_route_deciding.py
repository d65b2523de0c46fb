"""Answers in seats: what counts, what comes too late, what can be taken back."""

from typing import Any

import pytest

from tests.approvals.playing import Game, percent, quorum, route, stage, track, user


def one(rule: str | dict[str, Any] = "any", people: int = 3, *, undo: int = 0, **more: Any) -> Game:
    """Begin a request with one track of so many people."""
    form = route(stage(track(user(*range(1, people + 1)), rule, **more)), policy={"undo_seconds": undo})
    return Game(form).begun()


def test_e01_pressed_twice() -> None:
    """E01: one ballot; the second press is told so."""
    game = one("all")
    assert [None, "already_answered"] == [game.refusal("approve", by=1), game.refusal("approve", by=1)]
    assert {"main": [1, 0, 2]} == game.line["tally"]


def test_e02_two_holders() -> None:
    """E02: of two holders of a seat the first to press decides, the other is told."""
    deadline = {"after": "1d", "escalate": [{"to": user(9), "extend": "1d"}]}
    game = Game(route(stage(track(user(1), "all"), track(user(2), "all", id="other"), deadline=deadline))).begun()
    game.tick("tue 10:00")
    assert [1, 2, 9] == game.line["asked"]
    assert None is game.refusal("approve", by=9)
    assert "already_answered" == game.refusal("reject", by=1)


def test_e03_one_ballot_a_seat() -> None:
    """E03: of two answers of one person the later is refused."""
    game = one("all")
    assert [None] * 3 == [game.refusal("approve", by=each) for each in (1, 2, 3)]
    assert "already_decided" == game.refusal("reject", by=3)
    assert "approved" == game.line["state"]


def test_e04_quorum_reached() -> None:
    """E04: with the quorum reached it is decided, also while the outcome can be taken back."""
    game = one(quorum(2), undo=30)
    game.do("approve", by=1)
    game.do("approve", by=2)
    assert ["already_decided", "already_answered"] == [game.refusal("approve", by=3), game.refusal("approve", by=2)]


def test_e05_first() -> None:
    """E05: the first answer decides, a rejection too."""
    game = one("first")
    assert [None, "already_decided"] == [game.refusal("reject", by=1), game.refusal("approve", by=2)]
    assert "rejected" == game.line["state"]


def test_e06_any() -> None:
    """E06: a rejection leaves it open while somebody could still approve."""
    game = one("any")
    assert ("pending", {"main": [0, 1, 2]}) == (game.do("reject", by=1)["state"], game.line["tally"])
    game.do("reject", by=2)
    assert "rejected" == game.do("reject", by=3)["state"]


def test_e07_percent() -> None:
    """E07: 60 % of five are three: two rejections leave it open, the third ends it at once."""
    game = one(percent(60), 5)
    game.do("reject", by=1)
    assert "pending" == game.do("reject", by=2)["state"]
    assert "rejected" == game.do("reject", by=3)["state"]


def test_e09_one_percent() -> None:
    """E09: one per cent of three is one approval, never none."""
    game = one(percent(1))
    assert "pending" == game.line["state"]
    assert "approved" == game.do("approve", by=2)["state"]


def test_e10_veto_after_the_outcome() -> None:
    """E10: a veto counts only before the outcome."""
    game = one(percent(60), 5, undo=60, veto=user(1))
    for each in (2, 3, 4):
        game.do("approve", by=each)
    assert "already_decided" == game.refusal("reject", by=1)
    early = one(percent(60), 5, veto=user(1))
    early.do("approve", by=2)
    assert "rejected" == early.do("reject", by=1)["state"]
    assert "pending" == one(percent(60), 5, veto=user(1)).do("reject", by=2)["state"]


@pytest.mark.parametrize(
    ("required", "needs"),
    [
        ("never", set()),
        ("reject", {"reject"}),
        ("approve", {"approve"}),
        ("always", {"approve", "reject", "return"}),
    ],
)
def test_e11_reasons(required: str, needs: set[str]) -> None:
    """E11: an answer without its reason leaves the seat open; a blank one is none."""
    form = route(
        stage(track(user(1), comment_required=required, actions=["approve", "reject", "return"])),
        rework={"max_rounds": 1},
    )
    for do in ("approve", "reject", "return"):
        game = Game(form).begun()
        wanted = "comment_required" if do in needs else None
        assert wanted == game.refusal(do, by=1, reason=" \n")
        if wanted:
            assert [1] == game.line["asked"]
            assert None is game.refusal(do, by=1, reason="because")


def test_e15_undo() -> None:
    """E15: taken back in time it is open again, and nothing was done."""
    game = one("any", undo=30)
    assert "2026-01-05T10:00:30+03:00" == game.do("approve", by=1)["settles"]
    line = game.at("10:00:20").do("undo", by=1)
    assert (True, None, [1, 2, 3], []) == (line["accepted"], line["settles"], line["asked"], line["effects"])
    assert "pending" == game.tick("10:05")["state"]


def test_e16_undo_too_late() -> None:
    """E16: at the instant when it settles it is too late."""
    game = one("any", undo=30)
    game.do("approve", by=1)
    assert "too_late_to_take_back" == game.at("10:00:30").refusal("undo", by=1)
    assert "approved" == game.line["state"]


def test_e17_one_undo_a_seat() -> None:
    """E17: a seat has one undo in a round."""
    game = one("any", undo=30)
    game.do("approve", by=1)
    game.do("undo", by=1)
    game.do("approve", by=1)
    assert "not_allowed" == game.refusal("undo", by=1)


def test_undo_of_what_is_not_there() -> None:
    """Without a ballot there is nothing to take back; one of a stage that is open is not taken back yet."""
    game = one("all", undo=30)
    assert "nothing_to_take_back" == game.refusal("undo", by=1)
    game.do("approve", by=1)
    assert "not_allowed" == game.refusal("undo", by=1)
    assert "nothing_to_take_back" == game.refusal("undo", by=7)


def test_undo_that_changes_nothing() -> None:
    """An undo that leaves the outcome leaves the instant of settling."""
    game = one("any", undo=60)
    game.do("reject", by=1)
    settles = game.do("approve", by=2)["settles"]
    line = game.at("10:00:10").do("undo", by=1)
    assert (True, settles, {"main": [1, 0, 2]}) == (line["accepted"], line["settles"], line["tally"])
    assert "already_decided" == game.refusal("approve", by=1)


def test_undo_of_the_latest() -> None:
    """Of several ballots it is one's latest that is taken back."""
    form = route(stage(track(user(1), "all"), track(user(1, 2), "all", id="other")), policy={"undo_seconds": 60})
    game = Game(form).begun()
    game.do("approve", by=2)
    game.do("approve", by=1)
    game.do("approve", by=1, track="other")
    assert {"main": [1, 0, 0], "other": [1, 0, 1]} == game.do("undo", by=1)["tally"]


def test_sequential() -> None:
    """In a sequential track only the first seat without a ballot can answer; handing over is not out of turn."""
    policy = {"delegation": {"scope": "any"}}
    actions = ["approve", "reject", "delegate"]
    game = Game(route(stage(track(user(1, 2, 3), "all", order="sequential", actions=actions)), policy=policy)).begun()
    assert [1] == game.line["asked"]
    assert "not_allowed" == game.refusal("approve", by=2)
    assert None is game.refusal("delegate", by=3, to=9)
    game.do("approve", by=1)
    assert [2] == game.line["asked"]
    game.do("approve", by=2)
    assert [9] == game.line["asked"]


def test_seat_without_a_track() -> None:
    """Without a track the first of one's seats that can answer now is meant; with one, that track's."""
    game = Game(route(stage(track(user(1, 2), "all"), track(user(1), "all", id="other")))).begun()
    game.do("approve", by=1)
    assert {"main": [1, 0, 1], "other": [0, 0, 1]} == game.line["tally"]
    assert "already_answered" == game.refusal("reject", by=1, track="main")
    assert "not_your_seat" == game.refusal("reject", by=2, track="other")
    assert {"main": [1, 0, 1], "other": [1, 0, 0]} == game.do("approve", by=1)["tally"]


def test_answer_in_a_decided_track() -> None:
    """In a track that is decided nobody answers, while others go on; its open seats are counted still."""
    form = route(stage(track(user(1, 2)), track(user(3), id="other"), fail_fast=False))
    game = Game(form).begun()
    line = game.do("approve", by=1)
    assert ([3], [1, 0, 1]) == (line["asked"], line["tally"]["main"])
    assert "already_decided" == game.refusal("approve", by=2)


JOINS = [
    ("all", True, [("approve", 1)], "pending"),
    ("all", True, [("reject", 1)], "rejected"),
    ("all", False, [("reject", 1)], "pending"),
    ("all", False, [("reject", 1), ("approve", 2)], "rejected"),
    ("all", False, [("approve", 1), ("approve", 2)], "approved"),
    ("any", True, [("approve", 1)], "approved"),
    ("any", True, [("reject", 1)], "pending"),
    ("any", True, [("reject", 1), ("reject", 2)], "rejected"),
    ("any", False, [("approve", 1)], "pending"),
    ("any", False, [("approve", 1), ("reject", 2)], "approved"),
    ("any", False, [("reject", 1), ("reject", 2)], "rejected"),
]


@pytest.mark.parametrize(("join", "fail_fast", "answers", "state"), JOINS)
def test_joins(join: str, fail_fast: bool, answers: list[tuple[str, int]], state: str) -> None:
    """Tracks become one outcome by `join`; without `fail_fast` every track is heard first."""
    form = route(stage(track(user(1)), track(user(2), id="other"), join=join, fail_fast=fail_fast))
    game = Game(form).begun()
    for do, by in answers:
        game.do(do, by=by)
    assert state == game.line["state"]

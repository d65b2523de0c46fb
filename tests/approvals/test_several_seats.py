"""Who sits in several tracks and names none: which seat an event is about, and what is said where none is left."""

from typing import Any

import pytest

from tests.approvals.playing import Game, route, stage, track, user

TRACKS = {
    "first": track(user(1, 2), "any", id="first"),
    "second": track(user(1, 3), "all", id="second", actions=["approve", "reject", "comment"]),
}


def started(*tracks: dict[str, Any], **more: Any) -> Game:
    """Return a request that 9 has just begun."""
    game = Game(route(stage(*tracks), **more))
    game.start(9)
    return game


def refusal(game: Game, do: str, **more: Any) -> str | None:
    """Return why something is refused."""
    found: str | None = game.do(do, **more)["refusal"]
    return found


def test_the_first_that_can_answer() -> None:
    """An answer goes to the first seat whose answer still counts, in the route's order."""
    game = started(*TRACKS.values())
    game.do("approve", by=2)  # decides the first track
    assert {"first": [1, 0, 1], "second": [1, 0, 1]} == game.do("approve", by=1)["tally"]


def test_an_answer_goes_before_an_outcome() -> None:
    """Of several seats none of which can answer, the one that was answered is told."""
    game = started(*TRACKS.values())
    game.do("approve", by=2)
    game.do("approve", by=1)
    assert "already_answered" == refusal(game, "approve", by=1)
    assert "already_decided" == refusal(game, "approve", by=1, track="first")
    assert "already_answered" == refusal(game, "approve", by=1, track="second")


def test_out_of_turn() -> None:
    """Whose only open seat has not its turn yet may hand it over and not answer."""
    game = started(
        track(user(2, 1), "all", order="sequential", actions=["approve", "reject", "delegate"]),
        policy={"delegation": {"scope": "any"}},
    )
    assert ("not_allowed", None) == (refusal(game, "approve", by=1), refusal(game, "delegate", by=1, to=5))


def test_what_is_handed_over() -> None:
    """The first open seat is handed over, whether or not it has its turn."""
    game = started(
        track(user(2, 1), "all", id="first", order="sequential", actions=["approve", "reject", "delegate"]),
        track(user(1, 3), "all", id="second", actions=["approve", "reject", "delegate"]),
        policy={"delegation": {"scope": "any"}},
    )
    assert [1, 2, 3] == game.do("delegate", by=1, to=3)["asked"]  # the second is still his
    assert "already_answered" != refusal(game, "approve", by=1, track="second")


@pytest.mark.parametrize(
    ("where", "said"), [({}, None), ({"track": "first"}, "not_allowed"), ({"track": "second"}, None)]
)
def test_a_comment_of_any_track(where: dict[str, str], said: str | None) -> None:
    """A comment is taken where one of the tracks has it."""
    quiet = {**TRACKS["first"], "actions": ["approve", "reject"]}
    assert said == refusal(started(quiet, TRACKS["second"]), "comment", by=1, **where)


@pytest.mark.parametrize(
    "line", [{"do": "approve"}, {"do": "delegate", "by": 1}, {"do": "dismiss"}, {"do": "withdraw"}]
)
@pytest.mark.parametrize("missing", [{}, {"by": None, "to": None, "person": None}])
def test_nobody_is_nobody_we_know(line: dict[str, Any], missing: dict[str, None]) -> None:
    """An event that names nobody names nobody whom the portal knows; the game goes on."""
    game = started(*TRACKS.values())
    assert "unknown_person" == refusal(game, **{**missing, **line})
    assert game.do("approve", by=1)["accepted"]


def test_a_change_may_be_anybodys() -> None:
    """A change need not say who made it."""
    assert started(*TRACKS.values()).do("change", by=None, subject={"amount": 2})["accepted"]

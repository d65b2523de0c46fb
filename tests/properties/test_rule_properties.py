"""Rules on any run of moves: each coming to a stage counts once, in whatever looks it was seen; no value is read."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.matching import matches
from bot.domain.automation.placeholders import filled
from tests.automation.making import DEAL, rule

AT = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
RULE = rule()
STAGES = st.lists(st.sampled_from(["NEW", "CONTRACT", "WON"]), min_size=1, max_size=12).map(
    lambda stages: [each for number, each in enumerate(stages) if number == 0 or each != stages[number - 1]]
)
"""A way through stages; nothing moves to where it stands."""


def looks(way: list[str], cuts: set[int], *, is_own: bool = False) -> list[ObjectChange]:
    """Return the changes that are seen where a way is looked at after these moves, and at its end."""
    moves = [Move(stage, AT + timedelta(seconds=7 * number), number) for number, stage in enumerate(way)][1:]
    ends = sorted({each for each in cuts if 0 < each < len(moves)} | {0, len(moves)})
    return [
        ObjectChange(
            DEAL,
            "changed",
            {"stageId": way[first]},
            {"stageId": way[last]},
            AT,
            tuple(moves[first:last]),
            is_own=is_own,
        )
        for first, last in pairwise(ends)
    ]


@given(STAGES, st.sets(st.integers(1, 11)))
def test_each_move_counts_once(way: list[str], cuts: set[int]) -> None:
    """However the moves are cut into looks, the same steps are found, as many as there were moves to the stage."""
    found = [each.occurrence for look in looks(way, cuts) for each in matches([RULE], look)]
    assert sum(each == "CONTRACT" for each in way[1:]) == len(found) == len(set(found))
    assert found == [each.occurrence for look in looks(way, set()) for each in matches([RULE], look)]


@given(STAGES, st.sets(st.integers(1, 11)))
def test_what_is_ours_counts_never(way: list[str], cuts: set[int]) -> None:
    """Nothing follows from what we wrote."""
    assert [] == [each for look in looks(way, cuts, is_own=True) for each in matches([RULE], look)]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_value_is_no_template(title: str, other: str) -> None:
    """A value that looks like a place stays as it is: what it would name shows nowhere."""
    told = filled("<{title}>", {"title": "{other}" + title.replace("{", ""), "other": f"secret{other}"})
    assert told.startswith("<{other}")
    assert "secret" not in told or "secret" in title

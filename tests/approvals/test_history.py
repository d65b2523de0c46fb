"""What a record tells: stage by stage, who was asked, whose answers stand, and how each stage was left."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.approvals.history import Visit, visits

NINE = datetime(2026, 7, 13, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A line of a record."""

    at: datetime
    what: str
    actor_id: int | None = None
    behalf_id: int | None = None


def told(*lines: tuple[int, str] | tuple[int, str, int] | tuple[int, str, int, int]) -> list[Visit]:
    """Return the visits of lines, each with the minutes after nine."""
    return visits(Told(NINE + timedelta(minutes=minutes), *rest) for minutes, *rest in lines)  # type: ignore[arg-type]


def at(minutes: int) -> datetime:
    """Return the instant some minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def test_a_stage_is_decided_when_the_answer_is_given() -> None:
    """Not when it can be taken back no more; the asked are known by the track in which they were asked."""
    first, second = told(
        (0, "start", 1), (0, "stage head"), (0, "asked head", 2), (5, "comment", 2), (7, "approve", 2),
        (8, "stage money"), (8, "asked sums", 3, 4), (8, "asked law", 5), (9, "approve", 5), (60, "reject", 3, 4),
        (61, "ended rejected"),
    )  # fmt: skip
    assert ("head", "decided", at(7), []) == (first.stage, first.left, first.left_at, first.unanswered)
    assert [("law", 5, None, at(8)), ("sums", 3, 4, at(8))] == [
        (each.track, each.person_id, each.behalf_id, each.asked_at) for each in second.answers
    ]
    assert ("decided", at(60)) == (second.left, second.left_at)


def test_an_answer_taken_back_does_not_stand() -> None:
    """The one that is given instead does."""
    (only,) = told(
        (0, "stage head"), (0, "asked head", 2), (3, "approve", 2), (3, "undo", 2), (9, "reject", 2),
        (10, "ended rejected"),
    )  # fmt: skip
    assert [("reject", at(9))] == [(each.what, each.at) for each in only.answers]
    assert at(9) == only.left_at


def test_time_runs_out_whatever_was_answered_before() -> None:
    """One of two approved; the other let the time pass."""
    (only,) = told(
        (0, "stage head"), (0, "asked head", 2), (0, "asked head", 3), (3, "approve", 2), (99, "time ran out"),
        (99, "ended rejected"),
    )  # fmt: skip
    assert ("expired", [3]) == (only.left, only.unanswered)


def test_what_is_withdrawn_or_changed_is_nobodys_decision() -> None:
    """The stage was given up, also where some had answered."""
    withdrawn = told((0, "stage head"), (0, "asked head", 2), (1, "withdraw", 1), (1, "ended withdrawn"))
    changed = told((0, "stage head"), (1, "approve", 2), (2, "change", 1), (2, "sent back"))
    assert ["given up", "given up"] == [withdrawn[0].left, changed[0].left]


def test_each_round_is_a_visit_of_its_own() -> None:
    """Sent back and sent again: the time between belongs to no visit; what is open has not been left."""
    first, second = told(
        (0, "stage head"), (0, "asked head", 2), (4, "return", 2), (4, "sent back"),
        (50, "resubmit", 1), (50, "stage head"), (50, "asked head", 2), (51, "refused approve: x", 9),
    )  # fmt: skip
    assert [(0, "decided", at(4)), (1, "open", None)] == [
        (each.round, each.left, each.left_at) for each in (first, second)
    ]
    assert (at(50), [2]) == (second.opened_at, second.unanswered)


def test_somebody_in_two_tracks_answers_one_after_the_other() -> None:
    """Each answer belongs to the track that was not answered yet."""
    (only,) = told(
        (0, "stage both"), (0, "asked law", 2), (1, "approve", 2), (1, "asked sums", 2), (6, "approve", 2),
        (7, "ended approved"),
    )  # fmt: skip
    assert [("law", at(0)), ("sums", at(1))] == [(each.track, each.asked_at) for each in only.answers]

"""The rule of one track: how many approvals approve it. Whatever is answered, it is decided in the end, once."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.approvals.base import Part


class Verdict(StrEnum):
    """What a ballot, a track and a stage say."""

    APPROVED = "approved"
    REJECTED = "rejected"


class All(Part):
    """Everybody approves."""

    type: Literal["all"]


class AnyOne(Part):
    """One approval is enough; rejections end it when nobody is left who could approve."""

    type: Literal["any"]


class First(Part):
    """The first answer decides, either way."""

    type: Literal["first"]


class Quorum(Part):
    """So many approve; with fewer people it cannot be seated."""

    type: Literal["quorum"]
    n: Annotated[int, Field(ge=1, le=50)]


class Percent(Part):
    """At least this share of the seats approves, in whole seats."""

    type: Literal["percent"]
    min: Annotated[int, Field(ge=1, le=100)]


Rule = Annotated[All | AnyOne | First | Quorum | Percent, Field(discriminator="type")]


def threshold(rule: Rule, seats: int) -> int | None:
    """Return how many approvals approve; None where the rule cannot be satisfied with that many seats."""
    if seats < 1:
        return None
    match rule:
        case All():
            return seats
        case Quorum(n=n):
            return n if n <= seats else None
        case Percent(min=share):
            return -(-share * seats // 100)
        case _:
            return 1


def outcome(
    rule: Rule, seats: int, approved: int, rejected: int, *, vetoed: bool = False, first: Verdict | None = None
) -> Verdict | None:
    """Return what a track has come to, None while it is open; `first` is the verdict of its first ballot."""
    if isinstance(rule, First):
        return first
    if vetoed:
        return Verdict.REJECTED
    needed = threshold(rule, seats)
    if needed is None:
        raise ValueError("a track that cannot be satisfied has no seats")
    if approved >= needed:
        return Verdict.APPROVED
    if seats - rejected < needed:
        return Verdict.REJECTED
    return None

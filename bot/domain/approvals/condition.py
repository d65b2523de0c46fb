"""When a stage is needed: a closed tree of comparisons, never code."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import Field

from bot.domain.approvals.base import FieldName, Part
from bot.domain.approvals.values import at, canonical, is_empty, same

DEEPEST = 4
"""How many levels a condition may have."""


class Compare(Part):
    """One field against a value. Missing is null, and nothing is converted."""

    op: Literal["cmp"]
    field: FieldName
    test: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "empty", "changed"]
    value: str | int | float | bool | list[str | int] | None = None


class And(Part):
    """All of them."""

    op: Literal["and"]
    args: Annotated[list["Condition"], Field(min_length=1, max_length=8)]


class Or(Part):
    """At least one of them."""

    op: Literal["or"]
    args: Annotated[list["Condition"], Field(min_length=1, max_length=8)]


class Not(Part):
    """Not this."""

    op: Literal["not"]
    arg: "Condition"


Condition = Annotated[Union[Compare, And, Or, Not], Field(discriminator="op")]  # noqa: UP007 - names that come later

And.model_rebuild()
Or.model_rebuild()
Not.model_rebuild()


def holds(condition: Condition, subject: Mapping[str, Any], first: Mapping[str, Any]) -> bool:
    """Say whether a condition holds for the subject as it is; `first` is the subject as it was at the start."""
    match condition:
        case Compare():
            return _compared(condition, at(subject, condition.field), at(first, condition.field))
        case And(args=args):
            return all(holds(each, subject, first) for each in args)
        case Or(args=args):
            return any(holds(each, subject, first) for each in args)
        case Not(arg=arg):
            return not holds(arg, subject, first)


def depth(condition: Condition | None) -> int:
    """Return how many levels a condition has."""
    match condition:
        case And(args=args) | Or(args=args):
            return 1 + max(depth(each) for each in args)
        case Not(arg=arg):
            return 1 + depth(arg)
        case _:
            return 0 if condition is None else 1


def comparisons(condition: Condition | None) -> Iterator[Compare]:
    """Yield the comparisons of a condition, in its order."""
    match condition:
        case Compare():
            yield condition
        case And(args=args) | Or(args=args):
            for each in args:
                yield from comparisons(each)
        case Not(arg=arg):
            yield from comparisons(arg)


def fields(condition: Condition | None) -> Iterator[str]:
    """Yield the fields that a condition looks at, in its order."""
    for each in comparisons(condition):
        yield each.field


def _compared(this: Compare, value: Any, before: Any) -> bool:
    match this.test:
        case "eq":
            return same(value, this.value)
        case "ne":
            return not same(value, this.value)
        case "in":
            return isinstance(this.value, list) and canonical(value) in [canonical(each) for each in this.value]
        case "empty":
            return is_empty(value)
        case "changed":
            return not same(value, before)
        case _:
            return _in_order(this.test, value, this.value)


def _in_order(test: str, left: Any, right: Any) -> bool:
    """Compare two numbers or two strings; anything else has no order."""
    both = isinstance(left, str) and isinstance(right, str)
    if not both and not (_is_number(left) and _is_number(right)):
        return False
    match test:
        case "lt":
            return bool(left < right)
        case "le":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
        case _:
            return bool(left >= right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

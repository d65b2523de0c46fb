"""The words by which orders are known: of each phrase that can make an order, the one that is said of least else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import ALL_WORDS, listed
from bot.understanding.lexicon import ABOUT as EVERYDAY
from bot.understanding.lexicon import Node
from bot.understanding.orders.forms import RATE
from bot.understanding.orders.lexicon import ABOUT, TREE

if TYPE_CHECKING:
    from collections.abc import Collection

_BESIDE: Final = frozenset(
    listed(
        "filler which me department everybody workdays everyday weekends no_break paid unpaid grace send stop write "
        "make flexible none deduct no_deduct period rota named accounting"
    )
)
"""What stands in orders and makes none by itself."""
_OF_DAYS: Final = frozenset(listed("off working short"))
"""What makes an order only beside a day."""
_DETAIL: Final = "break"
"""What makes an order only where it is for everybody."""
_EVERYBODY: Final = frozenset(word for word, labels in ABOUT.items() if "everybody" in labels and word not in ALL_WORDS)


def tell_of_order(words: Collection[str], *, is_timed: bool) -> bool:
    """Whether there is a word of an order among these, which tell of a time or do not."""
    always, of_days, details = keys()
    if not always.isdisjoint(words) or (is_timed and not of_days.isdisjoint(words)):
        return True
    return not details.isdisjoint(words) and not _EVERYBODY.isdisjoint(words)


@cache
def keys() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the words of which every order has one; those that need a day beside them; those of details."""
    found: dict[str, set[str]] = {"": set(RATE), "days": set(), "detail": set()}
    _gather(TREE, [], found)
    return frozenset(found[""]), frozenset(found["days"]), frozenset(found["detail"])


def _gather(node: Node, path: list[str], found: dict[str, set[str]]) -> None:
    for word, following in node.items():
        if word is not None:
            _gather(following, [*path, word], found)
        elif following.partition(":")[0] not in _BESIDE:
            sort = "detail" if following == _DETAIL else "days" if following in _OF_DAYS else ""
            found[sort].add(min(path, key=_commonness))


def _commonness(word: str) -> tuple[int, int]:
    """Return how much else a word is said of; of two that are as common, the shorter is the commoner."""
    return len(EVERYDAY.get(word, ())) + len(ABOUT[word]) + (word in ALL_WORDS), -len(word)

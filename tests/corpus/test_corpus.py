"""Sentences as people really write them: never dangerous, and as often right as we have come."""

from collections import Counter

from benchmarks.corpus import own
from benchmarks.judge import DANGEROUS, RIGHT, counts, judge

DANGEROUS_AT_MOST = 0
"""To go to none; it is never raised."""
RIGHT_AT_LEAST = 0.989
"""The share of right answers that was reached; it is never lowered."""
LINES_AT_LEAST = 3000
PLANS_AT_LEAST = 600


def test_the_files() -> None:
    """Enough lines are there in both languages, none twice; most about what is never a mark."""
    lines = own()
    assert len(lines) >= LINES_AT_LEAST
    by_locale = Counter(line.locale for line in lines)
    assert min(by_locale["ru"], by_locale["en"]) >= 0.4 * len(lines)
    assert sum(line.theme == "plans" for line in lines) >= PLANS_AT_LEAST
    twice = Counter((line.text.casefold(), line.locale, line.now) for line in lines)
    assert [said for said, times in twice.items() if times > 1] == []


def test_the_answers() -> None:
    """Nobody is recorded as doing what they did not do, and most people are understood."""
    judged = judge(own())
    found = counts(judged)
    dangerous = "\n".join(str(one) for one in judged if one.verdict == DANGEROUS)
    assert found[DANGEROUS] <= DANGEROUS_AT_MOST, dangerous
    assert found[RIGHT] >= RIGHT_AT_LEAST * len(judged), found

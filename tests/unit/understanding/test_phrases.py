"""Every phrase of the tables means what the table says."""

from __future__ import annotations

import pytest

from bot.understanding import Understanding, understand
from tests.unit.understanding.tables import MOSCOW, NOW, Row, every_row

ROWS = every_row()


def readings(meant: Understanding) -> tuple[tuple[str, dict[str, object]], ...]:
    """Return every reading of an understanding, one or many, as plain pairs; `?` marks one that is asked about."""
    if meant.ambiguous:
        return tuple((each.intent + "?" * each.is_doubtful, dict(each.slots)) for each in meant.ambiguous)
    return () if meant.intent is None else ((meant.intent, dict(meant.slots)),)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.locale}: {row.text}" for row in ROWS])
def test_phrase(row: Row) -> None:
    """A phrase has exactly the readings that its row names, in their order."""
    meant = understand(row.text, locale=row.locale, zone=MOSCOW, now=NOW)
    assert row.readings == readings(meant)


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_tables_are_large(locale: str) -> None:
    """Each language is tested by several hundred phrases, a good part of them not for us."""
    table = [row for row in ROWS if row.locale == locale]
    assert len(table) >= 300
    assert sum(not row.readings for row in table) >= 60


def test_locale_only_breaks_ties() -> None:
    """Both languages are understood whichever one the person has chosen."""
    other = {"ru": "en", "en": "ru"}
    different = [
        row.text
        for row in ROWS
        if "/" not in row.text
        and understand(row.text, locale=row.locale, zone=MOSCOW, now=NOW)
        != understand(row.text, locale=other[row.locale], zone=MOSCOW, now=NOW)
    ]
    assert different == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("неделя бориса", "бориса"),
        ("анна за июнь", "анна"),
        ("Анна за июнь", "Анна"),
        ("james last week", "james"),
        ("сколько отработал осирис за июнь", "осирис"),
    ],
)
def test_any_word_may_be_a_name(text: str, name: str) -> None:
    """In small letters a name is one only for whoever can look it up."""
    strict = understand(text, locale="ru", zone=MOSCOW, now=NOW)
    loose = understand(text, locale="ru", zone=MOSCOW, now=NOW, any_name=True)
    assert (None, "report", name) == (strict.intent, loose.intent, loose.slots["person"])

"""Names are one name across alphabets and spellings, and no other name is."""

from __future__ import annotations

import pytest

from bot.understanding.names import words_of
from bot.understanding.romanised import sounds_like

SAME = """
джеймс james, джеймса james, джеймсу james, картера carter, anna анна, kim ким, sergey сергей, sergei сергей,
yulia юлия, julia юлия, iuliia юлия, alexey алексей, aleksei алексей, alexander александр, aleksandr александр,
ksenia ксения, xenia ксения, dmitry дмитрий, dmitrii дмитрий, ekaterina екатерина, yekaterina екатерина,
shchukin щукин, zhukov жуков, tsoy цой, mikhail михаил, fyodor фёдор, pyotr пётр, evgeny евгений, olga ольга,
natalia наталья, natalya наталья, наталия наталья, vyacheslav вячеслав, solovyov соловьёв, solovyev соловьёв,
artyom артём, yuri юрий, yury юрий, christina кристина, христина khristina, джону john, майкла michael,
ильи ilya, sophia софия, sergey sergei, грейс grace
"""
OTHER = """
анна anton, иван ivanov, ivan иванов, мария marina, олег olga, оля olga, aleksei александр, марина maria,
джон james, джейн james, павла paul, вера valeria, анна hannah
"""


def pairs(table: str) -> list[list[str]]:
    """Return the pairs of a table."""
    return [words_of(pair) for pair in table.replace("\n", " ").split(",")]


@pytest.mark.parametrize(("said", "name"), pairs(SAME))
def test_same(said: str, name: str) -> None:
    """A name is known by its sound, whichever of the two was said."""
    assert sounds_like(said, name)
    assert sounds_like(name, said)


@pytest.mark.parametrize(("said", "name"), pairs(OTHER))
def test_other(said: str, name: str) -> None:
    """A likeness is no name."""
    assert not sounds_like(said, name)

"""Words have classes by what they are about, and a part of a text says what it says alone."""

import pytest

from bot.understanding.hearing import hear
from bot.understanding.word_classes import CLASSES, any_of, word_class

DAYS = word_class("pto", stems="отгул -отгуля")
OTHERS = word_class("кто who")


@pytest.mark.parametrize(("word", "is_of"), [("отгул", True), ("отгулы", True), ("отгуляла", False), ("pto", True)])
def test_a_class_is_words_and_beginnings_but_those_left_out(word: str, is_of: bool) -> None:
    """A word is of a class by itself or by how it begins, unless its own beginning is left out."""
    assert bool(CLASSES[word] & DAYS) is is_of


def test_a_text_says_the_classes_of_all_its_words() -> None:
    """What a text says is gathered once; where a word of a class stands is told by its place."""
    heard = hear("кто в отгуле")
    assert heard.says & DAYS
    assert heard.says & OTHERS
    assert any_of(heard.classes[:1], OTHERS)
    assert not any_of(heard.classes[1:], OTHERS)


@pytest.mark.parametrize(
    "text",
    [
        "устала жуть, ушла домой",
        "coffee in hand, starting work at 9",
        "Борис, вчера с 9 до 18",
        "long day - heading home",
        "привет всем, опоздаю на 20 минут",
    ],
)
def test_a_part_says_what_it_says_alone(text: str) -> None:
    """A piece of a text that was taken to pieces is heard as if it had been written alone."""
    whole = hear(text)
    pause = text.find(",") if "," in text else text.find(" - ")
    for start, end in ((0, pause), (pause + 2 + ("," not in text), len(text))):
        part, alone = whole.part(start, end), hear(text[start:end])
        assert [token.text for token in part.tokens] == [token.text for token in alone.tokens]
        assert (part.labels, part.times, part.unknown) == (alone.labels, alone.times, alone.unknown)
        assert (part.says, part.named, part.words) == (alone.says, alone.named, alone.words)

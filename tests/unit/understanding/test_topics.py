"""What words that nobody understood seem to be about."""

import pytest

from bot.understanding.nods import is_nod, is_thanks
from bot.understanding.topics import topic_of


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("когда зарплата", "pay"),
        ("позови человека", "person"),
        ("что означает не подтвержден", "unconfirmed"),
        ("почему у меня минус", "balance"),
        ("ты кто", "bot"),
        ("как тебя отключить", "quiet"),
        ("don't message me until Monday please ok", "quiet"),
        ("кто согласует мою заявку", "approvals"),
        ("сколько мне положено отпуска", "leave"),
        ("а какой у меня график будет осенью", "schedule"),
        ("как исправить отметку", "marks"),
        ("где посмотреть часы", "hours"),
        ("do I get paid for this", "pay"),
        ("can I talk to a human", "person"),
        ("how do holidays work", "leave"),
        ("kid's school play friday", "leave"),
        ("абракадабра", None),
        ("", None),
    ],
)
def test_topic(text: str, topic: str | None) -> None:
    """The narrowest topic of which a word is there."""
    assert topic == topic_of(text)


def test_nods() -> None:
    """«Ок» nods and «спасибо» thanks; «да» answers something, and words about work do neither."""
    assert [True, True, True, False, False] == [is_nod(each) for each in ("ок", "👍", "спасибо", "да", "ок, ушла")]
    assert [True, True, False, False] == [
        is_thanks(each) for each in ("Спасибо большое!", "👍👍", "ок", "ушла, спасибо")
    ]

"""A text as tokens: a mark behind a text that says nothing changes no word of it and no place."""

import pytest

from bot.understanding.tokens import tokenise


@pytest.mark.parametrize(
    "text",
    [
        "ушла",
        "Ёлка стоит",
        "ушла  домой",
        "came in late",
        "привет hello",
        "прuшла на обед",
        "ßtraße",
        "İ am",
        "он он она",
        "",
    ],
)
def test_an_exclamation_changes_no_token(text: str) -> None:
    """Words alone are taken apart as they are beside a mark."""
    assert tokenise(text + "!") == tokenise(text)


def test_each_word_has_its_own_place() -> None:
    """A word that is within an earlier one is found where it stands."""
    assert [(0, 3), (4, 6), (7, 9)] == [(token.start, token.end) for token in tokenise("она он на")]

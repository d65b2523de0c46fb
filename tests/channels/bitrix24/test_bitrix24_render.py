"""BBCode and buttons: what is bold stays bold, and foreign text can never add markup."""

import re
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Action
from bot.channels.bitrix24.render import MAX_MESSAGE, keyboard_buttons, message_text
from bot.i18n import Translator
from bot.messages import Button, Keyboard
from bot.text import Mention, Phrase, Span, t
from tests.channels.bitrix24.doubles import NOW

JOINER = "\u2060"
OURS = re.compile(r"\[(/?)(b|i|user(?:=\d+)?)\]")
_hostile = st.lists(
    st.sampled_from(["[", "]", "[b]", "[/b]", "[url=x]", "[user=1]", ">>", "------", "/", "\n", "\r", " ", "a", "#BR#"])
    | st.characters(),
    max_size=12,
).map("".join)
_spans = st.lists(
    st.builds(
        Span,
        _hostile,
        st.sampled_from(["", "bold", "italic"]),
        st.none() | st.just(Mention("Ann", (("bitrix24", "17"),))),
    ),
    max_size=6,
)


@dataclass(frozen=True, slots=True)
class Decide(Action, code="b24test"):
    """A press of these tests."""

    request: int


def test_styles() -> None:
    """Styles become tags; a person becomes a mention where the account is known."""
    spans = [
        Span("At work since "),
        Span("09:00", "bold"),
        Span(" "),
        Span("Ann", "", Mention("Ann", (("bitrix24", "17"),))),
    ]
    assert message_text(spans) == "At work since [b]09:00[/b] [user=17]Ann[/user]"
    assert message_text([Span("Ann", "", Mention("Ann", (("telegram", "5"),)))]) == "Ann"


def test_tags_end_with_the_line() -> None:
    """A style over several lines is opened anew in each."""
    assert message_text([Span("a\nb", "bold")]) == "[b]a[/b]\n[b]b[/b]"


@given(_spans)
def test_foreign_text_adds_no_tag(spans: list[Span]) -> None:
    """Every bracket is a tag of ours or is followed by a joiner; tags are balanced in each line."""
    for line in message_text(spans).split("\n"):
        opened: list[str] = []
        for place in (found.start() for found in re.finditer(r"\[", line)):
            if line[place + 1 : place + 2] == JOINER:
                continue
            tag = OURS.match(line, place)
            assert tag is not None
            name = tag[2].partition("=")[0]
            if tag[1]:
                assert name == opened.pop()
            else:
                opened.append(name)
        assert opened == []


@given(_spans)
def test_foreign_text_leads_no_line(spans: list[Span]) -> None:
    """No line begins with a quote, a rule or a command, tags or none before it."""
    for line in re.split(r"[\n\r\v\f\x85\u2028\u2029]|\[br\]|#BR#", message_text(spans)):
        for seen in (line, OURS.sub("", line)):
            assert not seen.lstrip(" \t").startswith((">>", "------", "/"))


@given(st.lists(st.text(st.sampled_from("[я>\n "), max_size=9_000), max_size=5))
def test_length(texts: list[str]) -> None:
    """No message is longer than the portal takes."""
    assert len(message_text([Span(text, "bold") for text in texts])) <= MAX_MESSAGE


def test_cut_between_lines() -> None:
    """A long list is cut between lines and says so."""
    shown = message_text([Span("\n".join(["x" * 99] * 300))])
    assert {"x" * 99, "…"} == set(shown.split("\n"))
    assert 19_000 < len(shown) <= MAX_MESSAGE


def test_keyboard() -> None:
    """Buttons of a row share a line, a lone one has a row, styles are the portal's tokens, BOT_ID is there."""
    keyboard = Keyboard.of(
        (Button(t("Yes"), Decide(1), style="primary"), Button(t("No"), Decide(2), style="danger")),
        Button(t("Open"), link="https://example.com/"),
    )
    press = {"COMMAND": "smena", "DISPLAY": "LINE"}
    buttons = [
        {"TEXT": "Yes", "COMMAND_PARAMS": "b24test:1", "BG_COLOR_TOKEN": "primary", **press},
        {"TEXT": "No", "COMMAND_PARAMS": "b24test:2", "BG_COLOR_TOKEN": "alert", **press},
        {"TYPE": "NEWLINE"},
        {"TEXT": "Open", "LINK": "https://example.com/", "DISPLAY": "BLOCK"},
    ]
    expected = {"BOT_ID": 5120, "BUTTONS": buttons}
    assert expected == keyboard_buttons(keyboard, 5120, Translator("en", "UTC", NOW))


@given(_hostile)
def test_label(name: str) -> None:
    """A label is one line without a bracket that opens anything, and is never empty."""
    keyboard = Keyboard.of(Button(Phrase("{name}", {"name": name}), Decide(1)))
    label = keyboard_buttons(keyboard, 1, Translator("en", "UTC", NOW))["BUTTONS"][0]["TEXT"]
    assert label.strip()
    assert re.search(rf"[\n\r]|\[(?!{JOINER})", label) is None

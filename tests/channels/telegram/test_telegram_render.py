"""Words as Telegram shows them: nothing a person typed is markup, and every page fits."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.features import ALL, Features
from bot.channels.telegram.render import PAGE, escaped, first_page, pages, plain, to_html, to_rows, units
from bot.i18n import Translator
from bot.messages import Button, Keyboard
from bot.sandbox.telegram.markup import format_text
from bot.text import Mention, Span, t
from tests.channels.telegram.doubles import NOON, Pressed

EN = Translator("en", "Europe/Moscow", NOON)
ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "<b>",
        "</b>",
        "&lt;",
        "&#60;",
        "<a href='x'>",
        "&",
        "*_`[x](y)",
        "\u202eabc",
        "😀" * 9,
        "a\nb\n",
        "\x00",
        "\ud800",
    ]
)
LONG_TEXT = st.builds(lambda text, times: text * times, ANY_TEXT, st.sampled_from([1, 2, 70, 400]))
MENTIONS = st.none() | st.builds(
    Mention,
    ANY_TEXT,
    st.lists(st.tuples(st.sampled_from(["telegram", "bitrix24"]), st.sampled_from(["7", "700003", '1"><b>', ""]))).map(
        tuple
    ),
)
SPANS = st.lists(st.builds(Span, ANY_TEXT, st.sampled_from(["", "bold", "italic"]), MENTIONS), max_size=6)
LONG_SPANS = st.lists(st.builds(Span, LONG_TEXT, st.sampled_from(["", "bold", "italic"])), max_size=5)


class StrictParser(HTMLParser):
    """Accepts only the tags that we write, closed in order, and collects the text."""

    def __init__(self) -> None:
        """Expect a page."""
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        assert tag in {"a", "b", "i"}
        assert (tag == "a") == bool(attrs)
        assert all(name == "href" and re.fullmatch(r"tg://user\?id=\d+", value or "") for name, value in attrs)
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data


def parsed(html: str) -> StrictParser:
    """Parse a page and require that every tag is closed."""
    parser = StrictParser()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@given(SPANS)
def test_foreign_text_never_adds_markup(spans: list[Span]) -> None:
    """A strict parser finds our own tags only, and between them the words as they were typed."""
    parser = parsed(to_html(spans))
    styled = sum(1 for span in spans if span.style and plain(span.text)) + sum(
        1
        for span in spans
        if plain(span.text)
        and span.mention
        and any(c == "telegram" and a.isdecimal() for c, a in span.mention.accounts)
    )
    assert "".join(plain(span.text) for span in spans) == parser.text
    assert styled == len(parser.tags)


@given(SPANS)
def test_telegram_reads_the_words_back(spans: list[Span]) -> None:
    """The strict emulator's parser accepts the page and finds the words in it."""
    found = format_text(to_html(spans), "HTML")
    words = "".join(plain(span.text) for span in spans).replace("\r", "")
    assert found.text in words


@given(LONG_SPANS)
def test_every_page_fits_and_no_word_is_lost(spans: list[Span]) -> None:
    """Pages hold at most 4096 UTF-16 units each and together all of the text."""
    every = pages(spans)
    assert all(sum(units(span.text) for span in page) <= PAGE for page in every)
    assert "".join(span.text for span in spans) == "".join(span.text for page in every for span in page)
    for page in every:
        parsed(to_html(page))


@given(LONG_SPANS)
def test_an_edit_is_cut_to_one_page(spans: list[Span]) -> None:
    """A longer text ends in an ellipsis; a shorter one is untouched."""
    page = first_page(spans)
    whole = "".join(span.text for span in spans)
    shown = "".join(span.text for span in page)
    assert units(shown) <= PAGE
    assert shown == whole if units(whole) <= PAGE else shown.endswith("…")


def test_a_page_ends_between_lines() -> None:
    """A list is broken after a line, not inside a name."""
    line = "x" * 99 + "\n"
    every = pages([Span(line * 50, "bold")])
    assert [sum(units(span.text) for span in page) for page in every] == [4000, 1000]


def test_a_character_of_two_units_is_not_split() -> None:
    """An emoji at the border moves to the next page as a whole."""
    every = pages([Span("x" * (PAGE - 1) + "😀")])
    assert ["".join(span.text for span in page) for page in every] == ["x" * (PAGE - 1), "😀"]


def test_styles_and_mentions() -> None:
    """Bold, italic, and a link to a Telegram account; a person of another messenger is shown by name."""
    here, there = Mention("Ann", (("telegram", "7"),)), Mention("Bob", (("bitrix24", "8"),))
    spans = [Span("a", "bold"), Span(" & "), Span("i", "italic"), Span("Ann", "bold", here), Span("Bob", "", there)]
    expected = '<b>a</b> &amp; <i>i</i><b><a href="tg://user?id=7">Ann</a></b>Bob'
    assert expected == to_html(spans)


def test_a_phrase_with_a_hostile_value() -> None:
    """Markup comes from the phrase, never from the value."""
    spans = EN.spans(t("Hello, *{name}*!", name="<b>*Bobby* & _co_</b>"))
    assert to_html(spans) == "Hello, <b>&lt;b&gt;*Bobby* &amp; _co_&lt;/b&gt;</b>!"


KEYBOARD = Keyboard.of(
    (Button(t("Yes"), Pressed(7), style="success"), Button(t("Site"), link="https://example.com/a?b=1")),
    Button(t("Nothing")),
)


@pytest.mark.parametrize(
    ("features", "style"), [(ALL, {"style": "success"}), (Features(style=False), {})], ids=["styled", "plain"]
)
def test_a_keyboard(features: Features, style: dict[str, str]) -> None:
    """Presses carry packed actions, links carry addresses, styles only where they are understood."""
    expected = [
        [{"text": "Yes", "callback_data": "tgt:7", **style}, {"text": "Site", "url": "https://example.com/a?b=1"}]
    ]
    assert expected == to_rows(KEYBOARD, EN, features)


def test_escaping_leaves_other_characters_alone() -> None:
    """Only the three characters that begin markup are replaced."""
    assert escaped("<a> &amp; \"'*") == "&lt;a&gt; &amp;amp; \"'*"

"""HTML of `parse_mode` and inline keyboards, by the rules of the Bot API."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.keyboards import read_keyboard, shown_buttons, start_payload
from bot.sandbox.telegram.markup import format_text
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.text import utf16_length


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    """Build an entity."""
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [entity("strikethrough", n, 1) for n in range(3)],
        ),
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            "x",
            [
                entity("text_link", 0, 1, url="https://example.org/?a=1&b=2"),
            ],
        ),
        ("<a href='tg://user?id=5'>x</a>", "x", [entity("text_mention", 0, 1, user={"id": 5})]),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ('<code class="language-py">x</code>', "x", [entity("code", 0, 1)]),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [entity("pre", 0, 1, language="py")]),
        ("<blockquote>x</blockquote>", "x", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ('<tg-emoji emoji-id="53">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="53")]),
        ('<tg-time unix="7">x</tg-time>', "x", [entity("date_time", 0, 1, unix_time=7)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("😀<B>x</B>", "😀x", [entity("bold", 2, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;&#39;&#x41;", "<b> &amp; \"'A", []),
        ("a & b &nbsp; &copy", "a & b &nbsp; &copy", []),
        ("  <b> x </b>  ", "x", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a > b", "a > b", []),
    ],
)
def test_html_is_parsed(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    """Each allowed tag makes its entity; offsets count UTF-16 code units; only four references have names."""
    formatted = format_text(source, "HTML")

    assert (text, entities) == (formatted.text, formatted.entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("ж<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("x <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("&#xd800;", None),
    ],
)
def test_broken_html_is_refused(source: str, reason: str | None) -> None:
    """What cannot be parsed is refused with the byte at which it broke."""
    with pytest.raises(ApiError) as refusal:
        format_text(source, "HTML")

    assert refusal.value.code == 400
    assert refusal.value.description.startswith("Bad Request: can't parse entities: ")
    if reason is not None:
        assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


PIECES = st.one_of(
    st.text(max_size=5),
    st.sampled_from(["<b>", "</b>", "<a href=", '"', "'", "</a>", "</>", "<pre>", "</pre>", "</code>", "&lt;", "&#"]),
    st.sampled_from(["&#x1F600;", "&#55296;", " ", "\n", "<tg-emoji emoji-id='²'>", "😀", "=", ">", "<", "/"]),
    st.just("<code class='language-x'>"),
)


@given(st.lists(PIECES).map("".join))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    """Whatever comes is either parsed, with every entity inside the text, or refused with 400."""
    try:
        formatted = format_text(source, "HTML")
    except ApiError as refusal:
        assert refusal.code == 400  # noqa: PT017 -- either outcome is right
        return

    length = utf16_length(formatted.text)
    assert all(0 <= each["offset"] < each["offset"] + each["length"] <= length for each in formatted.entities)


def test_text_without_parse_mode_is_left_alone() -> None:
    """Without a parse mode tags are letters."""
    assert format_text("<b>x", "").text == "<b>x"


def test_other_parse_modes_are_not_emulated() -> None:
    """Markdown is refused, not sent as plain text."""
    with pytest.raises(ApiError) as refusal:
        format_text("*x*", "MarkdownV2")

    assert refusal.value.description == "Bad Request: parse_mode MarkdownV2 is not emulated"


def keyboard(*rows: list[dict[str, Any]]) -> Params:
    """Parameters with an inline keyboard."""
    return Params({"reply_markup": {"inline_keyboard": list(rows)}})


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "http://nodot"}, "inline keyboard button URL 'http://nodot' is invalid: Wrong HTTP URL"),
        (
            {"text": "x", "callback_data": "x", "style": "pink"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"text": "x", "callback_data": "x", "colour": "red"},
            'can\'t parse inline keyboard button: field "colour" is unknown or not emulated',
        ),
        (
            {"text": "x", "callback_data": "x", "url": "https://a.b"},
            "can't parse inline keyboard button: exactly one of callback_data, url must be used",
        ),
        (
            {"text": "x", "disabled": True},
            'can\'t parse inline keyboard button: Field "disabled" must be of type Object without fields',
        ),
        (
            {"text": "x", "copy_text": "y"},
            'can\'t parse inline keyboard button: Field "copy_text" must be of type Object with field "text"',
        ),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": 5, "callback_data": "x"}, 'can\'t parse inline keyboard button: Field "text" must be of type String'),
    ],
)
def test_bad_button_is_refused(button: dict[str, Any], description: str) -> None:
    """A button that is not well formed is refused with the reason."""
    with pytest.raises(ApiError) as refusal:
        read_keyboard(keyboard([button]))

    assert refusal.value.description == f"Bad Request: {description}"


def test_hundred_buttons_pass_and_one_more_does_not() -> None:
    """A keyboard has at most 100 buttons."""
    row = [{"text": "x", "callback_data": "x"}] * 10
    assert len(shown_buttons(read_keyboard(keyboard(*[row] * 10)))) == 100

    with pytest.raises(ApiError) as refusal:
        read_keyboard(keyboard(*[row] * 10, row[:1]))

    assert refusal.value.description == "Bad Request: reply markup is too long"


def test_ninth_button_of_a_row_is_shown_on_the_next() -> None:
    """The client shows eight buttons in a row."""
    row = [{"text": str(n), "callback_data": "x"} for n in range(9)]

    assert [shown.row for shown in shown_buttons(read_keyboard(keyboard(row, row[:1])))] == [0] * 8 + [1, 2]


def test_reply_keyboard_is_refused() -> None:
    """Only inline keyboards are emulated."""
    with pytest.raises(ApiError) as refusal:
        read_keyboard(Params({"reply_markup": '{"keyboard": [[{"text": "x"}]]}'}))

    assert refusal.value.description == 'Bad Request: reply markup with field "keyboard" is not emulated'


@pytest.mark.parametrize(
    ("url", "payload"),
    [
        ("https://t.me/Some_Bot?start=abc-1", "abc-1"),
        ("tg://resolve?domain=some_bot&start=abc", "abc"),
        ("https://t.me/other_bot?start=abc", None),
        ("https://t.me/some_bot", None),
        ("https://example.org/some_bot?start=abc", None),
        ("https://t.me/some_bot?start=a%20b", None),
    ],
)
def test_start_link(url: str, payload: str | None) -> None:
    """Only a link to this bot with a payload starts it."""
    assert start_payload(url, "some_bot") == payload

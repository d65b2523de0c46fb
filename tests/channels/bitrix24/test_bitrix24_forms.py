"""Bodies of events within limits."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bitrix24.forms import MAX_BODY, BadBody, parse_body, parse_form
from tests.channels.bitrix24.doubles import php_form

_tree = st.recursive(
    st.text(st.characters(codec="utf-8")),
    lambda inner: st.dictionaries(st.text("abcXYZ_09", min_size=1), inner, min_size=1, max_size=3),
    max_leaves=10,
)


def test_brackets() -> None:
    """Brackets nest, empty brackets count up."""
    assert parse_form("a[b][c]=1&a[d][]=x&a[d][]=y&e=") == {"a": {"b": {"c": "1"}, "d": {"0": "x", "1": "y"}}, "e": ""}


@pytest.mark.parametrize(
    ("body", "expected"), [("a=1&a[b]=2", {"a": "1"}), ("a[b]=2&a=1", {"a": {"b": "2"}}), ("a=1&a=2", {"a": "1"})]
)
def test_clash(body: str, expected: dict[str, object]) -> None:
    """Of a scalar and a dict of one name the first stays."""
    assert expected == parse_form(body)


@given(st.dictionaries(st.text("abcXYZ_", min_size=1), _tree, max_size=3))
def test_reads_what_php_writes(values: dict[str, object]) -> None:
    """What PHP writes of strings is read back equal."""
    with suppress(BadBody):  # deeper than we read
        assert values == parse_form(php_form(values).decode())


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"a" * (MAX_BODY + 1), "", "body_too_large"),
        (b"&".join(b"a%d=1" % number for number in range(2001)), "", "too_many_fields"),
        (b"a" + b"[a]" * 8 + b"=1", "", "too_deep"),
        (b"a" + b"[a]" * 400 + b"=1", "", "name_too_long"),
        (b"\xff\xfe", "", "not_utf8"),
        (b"{", "application/json", "not_json"),
        (b"[" * 100_000, "application/json", "not_json"),
        (b"[]", "application/json; charset=utf-8", "not_an_event"),
        (json.dumps({"a": list(range(2001))}).encode(), "application/json", "too_many_fields"),
        (b'{"a":' * 9 + b"1" + b"}" * 9, "application/json", "too_deep"),
    ],
)
def test_refused(body: bytes, content_type: str, code: str) -> None:
    """Oversized, flooding, nested and unreadable bodies are refused by a code of their own."""
    with pytest.raises(BadBody) as refusal:
        parse_body(body, content_type)
    assert code == refusal.value.code


def test_deep_preview() -> None:
    """A rich preview deep inside a message's parameters does not cost the message."""
    deep = "data[message][params][attach][0][blocks][0][richLink][0][link]=x"
    assert parse_form(f"data[message][text]=hi&{deep}") == {"data": {"message": {"text": "hi"}}}


@given(st.binary(max_size=300), st.sampled_from(["", "application/json", "text/plain", "multipart/form-data"]))
def test_any_bytes(body: bytes, content_type: str) -> None:
    """Any bytes are a dict or a coded refusal."""
    with suppress(BadBody):
        assert isinstance(parse_body(body, content_type), dict)

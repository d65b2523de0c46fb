"""What holds for every text, value, button and setting."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.actions import LIMIT, Action, UnknownAction
from bot.i18n import Translator, known_locale, zone_called
from bot.messages import Incoming, IncomingKind, Sender
from bot.settings import BadSettings, Settings
from bot.text import Day, DayTime, Duration, Lines, Mention, Phrase, Place, Span, Time, Value, from_json, t, tn, to_json
from storage.message_json import incoming_of, incoming_text
from storage.rows import clean
from tests.properties.strategies import PATIENT, ZONES

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
PLACES = st.sampled_from(["", *ZONES])
NAMES = st.sampled_from(["a", "b", "name"])
LEAVES: st.SearchStrategy[Value] = (
    WORDS
    | st.integers()
    | st.builds(Time, INSTANTS, PLACES, st.booleans())
    | st.builds(Place, INSTANTS, PLACES.filter(bool))
    | st.builds(DayTime, INSTANTS, PLACES)
    | st.builds(Day, st.dates())
    | st.builds(Duration, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
    | st.builds(Mention, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple))
)


def phrases(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Return phrases and lines of phrases over values."""
    slots = st.dictionaries(NAMES, values, max_size=3)
    single = (
        st.builds(Phrase, WORDS, slots)
        | st.builds(Phrase, WORDS, slots, context=WORDS)
        | st.builds(lambda one, many, count: tn(one or "x", many or "y", count), WORDS, WORDS, st.integers(0, 10**6))
    )
    return single | st.lists(single, max_size=3).map(lambda each: Lines(tuple(each)))


VALUES = st.recursive(LEAVES, phrases, max_leaves=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda each: (
        st.lists(each, max_size=3)
        | st.fixed_dictionaries(
            {"k": st.sampled_from(["Phrase", "Lines", "Time", "DayTime", "Day", "Duration", "Mention", "No"]) | WORDS},
            optional=dict.fromkeys(("m", "v", "p", "n", "c", "l", "at", "z", "d", "s", "a"), each),
        )
    ),
    max_leaves=8,
)


@PATIENT
@given(VALUES)
def test_every_value_survives_its_stored_form(value: Value) -> None:
    """Through JSON text, equal."""
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@PATIENT
@given(JSON)
def test_any_json_is_a_value_or_a_value_error(form: Any) -> None:
    """What is stored by another program has one kind of error."""
    try:
        from_json(form)
    except ValueError:
        return


@PATIENT
@given(WORDS, WORDS, PLACES.filter(bool), st.sampled_from(["ru", "en"]))
@example("*_{b}_*", "{a}*", "Europe/Moscow", "ru")
def test_values_never_become_markup(one: str, two: str, zone: str, locale: str) -> None:
    """The message alone decides what is bold or italic; a value is text from its first character to its last."""
    reader = Translator(locale, zone, datetime(2026, 7, 15, tzinfo=UTC))
    spans = reader.spans(t("<*{a}*|_{b}_|{a}>", a=one, b=two))
    shown = [("<", ""), (one, "bold"), ("|", ""), (two, "italic"), (f"|{one}>", "")]
    assert [(span.text, span.style) for span in spans] == [pair for pair in merged(shown) if pair[0]]


def merged(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbours of one style, leaving out what is empty."""
    joined: list[tuple[str, str]] = []
    for text, style in runs:
        if not text:
            continue
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return joined


@PATIENT
@given(WORDS, WORDS)
def test_a_name_and_an_inner_phrase_do_not_become_markup(name: str, word: str) -> None:
    """Mentions and phrases inside phrases carry foreign text as it is, too."""
    reader = Translator("en", "Europe/Moscow", datetime(2026, 7, 15, tzinfo=UTC))
    who = Mention(name, (("telegram", "1"),))
    spans = reader.spans(t("{who}: {said}", who=who, said=t("“{word}”", word=word)))
    assert spans == [*([Span(name, "", who)] if name else []), Span(f": “{word}”")]


@PATIENT
@given(
    VALUES.filter(lambda value: isinstance(value, Phrase | Lines)), st.sampled_from(["ru", "en"]), PLACES.filter(bool)
)
def test_every_phrase_can_be_said(value: Phrase | Lines, locale: str, zone: str) -> None:
    """In both languages and any zone, as styled runs without empty ones."""
    reader = Translator(locale, zone, datetime(2026, 7, 15, tzinfo=UTC))
    spans = reader.spans(value)
    assert all(span.text and span.style in ("", "bold", "italic") for span in spans)
    assert reader.plain(value) == "".join(span.text for span in spans)


@PATIENT
@given(st.text(max_size=80))
def test_any_text_is_a_zone_or_none(text: str) -> None:
    """Nobody's spelling breaks anything."""
    zone = zone_called(text)
    assert zone is None or Translator("ru", zone, datetime(2026, 7, 15, tzinfo=UTC)).time(
        datetime(2026, 7, 15, tzinfo=UTC)
    )
    assert known_locale(text) in ("ru", "en", None)


@dataclass(frozen=True, slots=True)
class Marked(Action, code="zz-marked"):
    """A press with two numbers and a word."""

    first: int
    word: str
    second: int


CODES = st.sampled_from(["zz-marked", "zz-marked:1:a", "zz-marked:1:a:2"])


@PATIENT
@given(st.integers(-(2**63), 2**63), st.text(max_size=30), st.integers())
def test_what_fits_into_a_button_comes_back(first: int, word: str, second: int) -> None:
    """An action packs into at most 64 bytes and unpacks equal, or is refused when it is packed."""
    action = Marked(first, word, second)
    try:
        data = action.pack()
    except ValueError:
        assert (
            ":" in word
            or len(f"zz-marked:{first}:{word}:{second}".encode(errors="replace")) > LIMIT
            or not word.isprintable()
            or max(abs(first), abs(second)) >= 2**63
        )
        return
    assert len(data.encode()) <= LIMIT
    assert Action.unpack(data) == action


@PATIENT
@given(st.text(max_size=80) | st.builds(lambda code, rest: code + rest, CODES, st.text(max_size=40)))
@example("zz-marked:1:a:" + "9" * 5000)
@example("zz-marked:\ud800:a:1")
@example("zz-marked:1\x00:a:1")
def test_any_data_is_an_action_or_unknown(data: str) -> None:
    """A forged button has one error and no other."""
    try:
        action = Action.unpack(data)
    except UnknownAction:
        return
    assert isinstance(action, Action)


@PATIENT
@given(
    st.builds(
        Incoming,
        channel=st.sampled_from(["bitrix24", "telegram"]),
        realm=WORDS,
        event_id=WORDS,
        kind=st.sampled_from(IncomingKind),
        sender=st.builds(Sender, WORDS, WORDS, WORDS, st.none() | WORDS, st.booleans()),
        conversation=WORDS,
        received_at=INSTANTS,
        text=st.text(max_size=40),
        data=WORDS,
        message=WORDS,
        sent_at=st.none() | INSTANTS,
    )
)
def test_whatever_came_in_survives_its_stored_form(message: Incoming) -> None:
    """Emoji, control characters and all, to the millisecond; what no database holds is left out, and nothing else."""
    kept = incoming_of(incoming_text(message))
    assert (kept.text, kept.data) == (clean(message.text), clean(message.data))
    assert timedelta() <= message.received_at - kept.received_at < timedelta(milliseconds=1)
    assert incoming_of(incoming_text(kept)) == kept


SETTINGS = sorted(name.upper() for name in Settings.model_fields)
ADDRESSES = st.builds(
    lambda scheme, rest: scheme + rest,
    st.sampled_from(["http://", "https://", "https://[", "https://x/rest/", "sqlite:///", "mysql://u:pass", ""]),
    WORDS,
)


@PATIENT
@given(st.sampled_from(SETTINGS), WORDS | ADDRESSES)
def test_any_one_setting_is_taken_or_named(name: str, value: str) -> None:
    """Whatever an operator writes into one setting, the service starts or says in one line which setting is wrong."""
    said = name
    try:
        Settings.from_environ({name: value})
    except BadSettings as refused:
        said = str(refused)
    assert name in said
    assert "\n" not in said


@PATIENT
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["ru", "en"]))
def test_a_day_of_another_year_names_it(day: date, locale: str) -> None:
    """No date can be taken for one of this year."""
    shown = Translator(locale, "Europe/Moscow", datetime(2026, 7, 15, tzinfo=UTC)).day(day)
    assert (str(day.year) in shown) == (day.year != 2026)

"""Phrases as data and as words: stored forms, markup, times, days, durations and zones."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Translator, known_locale, utc_offset, zone_called
from bot.text import (
    Day,
    DayTime,
    Duration,
    Lines,
    Mention,
    Month,
    Period,
    Phrase,
    Place,
    Span,
    Time,
    Value,
    from_json,
    lines,
    t,
    tn,
    to_json,
    verbatim,
)

NOW = datetime(2026, 7, 15, 6, 0, tzinfo=UTC)
ENGLISH = Translator("en", "Europe/Moscow", NOW)
RUSSIAN = Translator("ru", "Europe/Moscow", NOW)


@pytest.mark.parametrize(
    "value",
    [
        t("Hello, *{name}*", name="Ann"),
        tn("{count} day", "{count} days", 3, who=Mention("Ann", (("telegram", "5"),))),
        t(
            "{a} {b} {c} {d}",
            a=Time(NOW, "Europe/Berlin"),
            b=DayTime(NOW),
            c=Day(date(2026, 2, 28)),
            d=Duration(timedelta(seconds=61)),
        ),
        t("{month}", month=Month(date(2026, 2, 28))),
        t("{p}", p=Period(date(2026, 6, 1), date(2026, 6, 30))),
        lines(t("one"), lines(t("two"), verbatim("*three*"))),
        Lines(()),
        t("{a}–{b}{c}", a=Time(NOW, "Europe/Berlin", bare=True), b=Time(NOW), c=Place(NOW, "Europe/Berlin")),
        Phrase("May", context="month"),
        "plain",
        7,
    ],
)
def test_a_phrase_survives_its_stored_form(value: Value) -> None:
    """What was queued is what is read, through JSON text."""
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.parametrize(
    "form",
    [
        None,
        [],
        {},
        1.5,
        {"k": "Nothing"},
        {"k": "Phrase"},
        {"k": ["Phrase"]},
        {"k": "Phrase", "m": "x", "v": 5},
        {"k": "Lines", "l": ["text"]},
        {"k": "Lines", "l": 5},
        {"k": "Day", "d": "31.12.2026"},
        {"k": "Day", "d": 5},
        {"k": "Time", "at": "now", "z": ""},
        {"k": "Time", "at": 1e300, "z": ""},
        {"k": "Time", "z": ""},
        {"k": "Duration", "s": "long"},
        {"k": "Duration", "s": 1e300},
        {"k": "Mention", "n": "Ann", "a": [["telegram"]]},
    ],
)
def test_anything_else_is_a_value_error(form: Any) -> None:
    """A stored form that is none of ours has one kind of error."""
    with pytest.raises(ValueError):
        from_json(form)


def test_lines_leave_out_what_is_none() -> None:
    """An optional line simply is not there."""
    assert lines(None, t("a"), None) == Lines((t("a"),))
    assert ENGLISH.plain(lines()) == ""


def test_markup_of_the_message_becomes_styles() -> None:
    """Stars are bold, outer underscores italic, an underscore inside a word is a character."""
    spans = ENGLISH.spans(t("plain *bold* and _italic_ snake_case_word"))
    assert spans == [
        Span("plain "),
        Span("bold", "bold"),
        Span(" and "),
        Span("italic", "italic"),
        Span(" snake_case_word"),
    ]


@pytest.mark.parametrize(
    "text", ["*bold*", "_it_", "{name}", "{other}", "[b]x[/b]", "<b>x</b>", "a*b_c_", "\n*\n", "{{x}}"]
)
def test_a_value_is_never_read_as_markup(text: str) -> None:
    """What somebody typed stays as typed, in bold places and outside, and verbatim."""
    assert ENGLISH.spans(t("[*{name}*] {name}", name=text, other="no")) == [
        Span("["), Span(text, "bold"), Span(f"] {text}"),
    ]  # fmt: skip
    assert ENGLISH.spans(verbatim(text)) == [Span(text)]


def test_a_phrase_inside_a_phrase_has_its_own_markup() -> None:
    """Its styles stand within the place where it is put, and do not leak out."""
    spans = ENGLISH.spans(t("*{inner}* end", inner=t("a _b_ c")))
    assert [(span.text, span.style) for span in spans] == [
        ("a ", "bold"),
        ("b", "italic"),
        (" c", "bold"),
        (" end", ""),
    ]


def test_a_mention_keeps_its_account() -> None:
    """The renderer of a channel can make it a link."""
    ann = Mention("*Ann*", (("telegram", "5"),))
    assert ENGLISH.spans(t("Ask {who}!", who=ann)) == [Span("Ask "), Span("*Ann*", "", ann), Span("!")]


def test_a_missing_value_shows_its_placeholder() -> None:
    """A mistake of ours shows itself and breaks nothing."""
    assert ENGLISH.plain(t("Hello {nobody}")) == "Hello {nobody}"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "09:00"),
        ("Europe/Moscow", "09:00"),
        ("Europe/Minsk", "09:00"),
        ("Asia/Yekaterinburg", "11:00 (Yekaterinburg)"),
        ("UTC", "06:00 (UTC)"),
    ],
)
def test_case_58_a_time_names_its_place_only_where_it_differs(zone: str, shown: str) -> None:
    """The reader's own clock needs no name; a zone with the same time now neither."""
    assert ENGLISH.time(NOW, zone) == shown


def test_case_58_the_place_is_named_in_the_reader_s_language() -> None:
    """«По времени сотрудника»: Екатеринбург."""
    assert RUSSIAN.time(NOW, "Asia/Yekaterinburg") == "11:00 (Екатеринбург)"


def test_case_58_several_times_of_one_zone_name_it_once() -> None:
    """Bare times and then the place, in brackets; nothing where the clocks are the reader's own."""
    for zone, shown in (("Asia/Yekaterinburg", "11:00–11:00 (Yekaterinburg)"), ("Europe/Moscow", "09:00–09:00")):
        bare = Time(NOW, zone, bare=True)
        assert ENGLISH.plain(t("{a}–{b}{zone}", a=bare, b=bare, zone=Place(NOW, zone))) == shown


def test_a_bare_time_without_a_zone_is_the_reader_s() -> None:
    """As any time without a zone is."""
    assert ENGLISH.plain(t("{a}", a=Time(NOW, bare=True))) == "09:00"


def test_a_day_has_its_weekday_and_the_year_where_it_is_another() -> None:
    """Every understood day can be checked at a glance."""
    assert ENGLISH.day(date(2026, 7, 17)) == "Fri 17 July"
    assert RUSSIAN.day(date(2026, 7, 17)) == "пт, 17 июля"
    assert ENGLISH.day(date(2027, 1, 1)) == "Fri 1 January 2027"
    assert "2025" in RUSSIAN.day(date(2025, 12, 31))


def test_a_day_time_shows_the_date_of_its_own_zone() -> None:
    """23:30 in Moscow is the next day in Yekaterinburg."""
    late = datetime(2026, 7, 16, 20, 30, tzinfo=UTC)
    assert ENGLISH.plain(t("{at}", at=DayTime(late))) == "Thu 16 July, 23:30"
    assert ENGLISH.plain(t("{at}", at=DayTime(late, "Asia/Yekaterinburg"))) == "Fri 17 July, 01:30 (Yekaterinburg)"


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0, "0 min", "0 мин"),
        (59, "59 s", "59 с"),
        (60, "1 min", "1 мин"),
        (119, "1 min", "1 мин"),
        (3599, "59 min", "59 мин"),
        (3600, "1 h", "1 ч"),
        (27659, "7 h 40 min", "7 ч 40 мин"),
        (90000, "25 h", "25 ч"),
    ],
)
def test_a_duration_is_cut_to_the_minute(seconds: int, english: str, russian: str) -> None:
    """Shown minutes are truncated in one place, never rounded up."""
    length = timedelta(seconds=seconds)
    assert (ENGLISH.duration(length), RUSSIAN.duration(length)) == (english, russian)


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("ru", "ru"),
        ("RU-ru", "ru"),
        ("ru_RU", "ru"),
        ("en-GB", "en"),
        ("de", "en"),
        ("uk", "ru"),
        ("be", "ru"),
        ("", None),
        (None, None),
    ],
)
def test_a_messenger_s_language_is_one_of_ours(tag: str | None, locale: str | None) -> None:
    """Two catalogues serve everybody; silence is no choice."""
    assert known_locale(tag) == locale


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Екатеринбург", "Asia/Yekaterinburg"),
        ("yekaterinburg", "Asia/Yekaterinburg"),
        ("Asia/Yekaterinburg", "Asia/Yekaterinburg"),
        ("New York", "America/New_York"),
        ("нью-йорк", "America/New_York"),
        ("Питер", "Europe/Moscow"),
        ("МСК", "Europe/Moscow"),
        ("UTC+5", "Asia/Yekaterinburg"),
        ("МСК+2", "Asia/Yekaterinburg"),
        ("GMT-3", "Etc/GMT+3"),
        ("UTC−3", "Etc/GMT+3"),
        ("+3", "Europe/Moscow"),
        ("UTC+15", None),
        ("UTC+99", None),
        ("Атлантида", None),
        ("", None),
        ("x" * 500, None),
        ("../../etc/passwd", None),
    ],
)
def test_a_place_or_an_offset_names_a_zone(name: str, zone: str | None) -> None:
    """As people write it, in both languages; nonsense names none."""
    assert zone_called(name) == zone


@pytest.mark.parametrize("hours", range(-12, 15))
def test_an_offset_means_exactly_that_offset(hours: int) -> None:
    """The zone that a bare offset stands for has it, winter and summer."""
    zone = zone_called(f"UTC{hours:+d}")
    assert zone is not None
    for month in (1, 7):
        assert datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)


def test_an_offset_is_written_as_people_do() -> None:
    """Whole hours, half hours and the true minus sign."""
    shown = [utc_offset(zone, NOW) for zone in ("UTC", "Asia/Yekaterinburg", "Asia/Kolkata", "America/St_Johns")]
    assert shown == ["UTC+0", "UTC+5", "UTC+5:30", "UTC−2:30"]


def test_a_month_stands_by_itself_and_names_another_year() -> None:
    """The nominative in Russian; the year only where it is not the reader's."""
    assert ("июль", "July") == (RUSSIAN.month(date(2026, 7, 31)), ENGLISH.month(date(2026, 7, 31)))
    assert ("май 2027", "May 2027") == (RUSSIAN.month(date(2027, 5, 1)), ENGLISH.month(date(2027, 5, 1)))


@pytest.mark.parametrize(
    ("first", "last", "russian", "english"),
    [
        (date(2026, 6, 1), date(2026, 6, 30), "июнь", "June"),
        (date(2024, 2, 1), date(2024, 2, 29), "февраль 2024", "February 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "1–28 февраля 2024", "1–28 February 2024"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025 год", "2025"),
        (date(2026, 7, 13), date(2026, 7, 19), "13–19 июля", "13–19 July"),
        (date(2026, 6, 29), date(2026, 7, 5), "29 июня – 5 июля", "29 June – 5 July"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 декабря 2026 – 3 января 2027", "28 December 2026 – 3 January 2027"),
        (date(2026, 7, 15), date(2026, 7, 15), "ср, 15 июля", "Wed 15 July"),
        (date(2026, 4, 1), date(2026, 6, 30), "1 апреля – 30 июня", "1 April – 30 June"),
    ],
)
def test_periods_are_named_as_people_name_them(first: date, last: date, russian: str, english: str) -> None:
    """A month by its name, a week by its dates, with the year where it is not the present one."""
    phrase = t("{period}", period=Period(first, last))
    assert russian == RUSSIAN.plain(phrase)
    assert english == ENGLISH.plain(phrase)

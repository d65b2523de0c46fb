"""What holds for every text, not only for those in the tables."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.understanding import understand, understand_day, understand_range, understand_time
from tests.series import series
from tests.unit.understanding.tables import MOSCOW, NOW, Row, every_row, rows

PUNCHES = {"check_in", "break_start", "break_end", "check_out", "worked"}
OPPOSITES = {
    "check_in": {"check_out", "break_start"},
    "check_out": {"check_in", "break_end"},
    "break_start": {"break_end"},
    "break_end": {"break_start", "check_out"},
    "confirm": {"decline"},
    "decline": {"confirm"},
}
ROWS = every_row()
KNOWN = [row for row in ROWS if row.readings]
ONE_PUNCH = [row for row in KNOWN if {intent for intent, _ in row.readings} <= PUNCHES and len(row.readings) == 1]
SLIPS = {row.text for locale in ("ru", "en") for row in rows(f"slips.{locale}")}
WITH_OPPOSITE = [row for row in KNOWN if row.readings[0][0] in OPPOSITES and row.text not in SLIPS]
"""What has a slip already is no word to make another in."""
WORDS = sorted({word for row in ROWS for word in row.text.split()})
ZONES = st.sampled_from([MOSCOW, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
MARKS = ["0", "1", "9", "12", "24", "31", "99", ":", ".", ",", "-", "/", "?", "!", "не", "if", "до"]
SALAD = st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=14).map(" ".join)


def meaning(text: str, locale: str = "ru") -> object:
    """Return what a text means, as JSON and without the text."""
    found = understand(text, locale=locale, zone=MOSCOW, now=NOW).to_json()
    del found["text"]
    return found


@settings(max_examples=series(100), deadline=None)
@given(text=st.text(max_size=600) | SALAD, zone=ZONES, now=MOMENTS, locale=st.sampled_from(["ru", "en", "de"]))
@example(text="пришёл 31.02 в 9", zone=MOSCOW, now=NOW, locale="ru")
@example(text="went out the", zone=MOSCOW, now=NOW, locale="en")
@example(text="ушёл \ud800 домой", zone=MOSCOW, now=NOW, locale="ru")
@example(text="İstanbul İ" * 20, zone=MOSCOW, now=NOW, locale="en")
def test_any_text_has_an_answer(text: str, zone: ZoneInfo, now: datetime, locale: str) -> None:
    """No text raises, and every answer can be printed as JSON."""
    for slot in (None, "time", "day", "range"):
        found = understand(text, locale=locale, zone=zone, now=now, slot=slot)
        printed = json.loads(json.dumps(found.to_json()))
        assert printed["text"] == text
        assert len(found.ambiguous) != 1 or found.ambiguous[0].is_doubtful
    understand_time(text, locale=locale, zone=zone, now=now, intent="check_out")
    understand_day(text, locale=locale, zone=zone, now=now, ahead=True)
    understand_range(text, locale=locale, zone=zone, now=now)


@settings(max_examples=series(75), deadline=None)
@given(
    row=st.sampled_from(
        [row for row in KNOWN if not {"reason", "person", "department", "substitute"} & set(row.readings[0][1])]
    ),
    change=st.sampled_from(
        [
            str.upper,
            str.lower,
            str.title,
            lambda text: text.replace("ё", "е").replace("Ё", "Е"),
            lambda text: text if text.endswith("?") else f"{text}!!",
            lambda text: text if text.endswith("?") else f"{text}...",
            lambda text: f"  {text}  ",
            lambda text: f"{text} 🙂",
            lambda text: text.replace(" ", "  "),
        ]
    ),
)
def test_dress_does_not_matter(row: Row, change: object) -> None:
    """Case, «ё», closing marks, emoji and spaces change nothing."""
    changed = change(row.text)  # type: ignore[operator]
    assert meaning(changed, row.locale) == meaning(row.text, row.locale)


@settings(max_examples=series(75), deadline=None)
@given(row=st.sampled_from(ONE_PUNCH), not_=st.sampled_from(["не", "ещё не", "я не", "я пока ещё не", "нет, я не"]))
def test_russian_denial_is_no_punch(row: Row, not_: str) -> None:
    """«не» before what would be a punch makes it none."""
    if "," in row.text:
        return  # «не выспалась, но я на месте» denies the remark
    found = understand(f"{not_} {row.text}", locale="ru", zone=MOSCOW, now=NOW)
    assert found.intent not in PUNCHES


@settings(max_examples=series(75), deadline=None)
@given(row=st.sampled_from(ONE_PUNCH), not_=st.sampled_from(["not", "I'm not", "haven't", "didn't", "I have not"]))
def test_english_denial_is_no_punch(row: Row, not_: str) -> None:
    """A "not" before what would be a punch makes it none."""
    if "," in row.text:
        return  # "not a long day, heading home" denies the remark
    if re.match(r"(?i)(check|clock|punch|sign|log).?(in|out|off)", row.text):
        return  # "didn't check out, left at 18:00" tells of a forgotten punch
    found = understand(f"{not_} {row.text}", locale="en", zone=MOSCOW, now=NOW)
    assert found.intent not in PUNCHES


@settings(max_examples=series(50), deadline=None)
@given(
    row=st.sampled_from(ONE_PUNCH), if_=st.sampled_from(["если", "если я", "когда", "if", "if I", "when I", "unless"])
)
def test_condition_is_no_punch(row: Row, if_: str) -> None:
    """A condition is never a punch."""
    assert understand(f"{if_} {row.text}", locale=row.locale, zone=MOSCOW, now=NOW).intent not in PUNCHES


@settings(max_examples=series(50), deadline=None)
@given(row=st.sampled_from(ONE_PUNCH))
def test_question_is_no_punch(row: Row) -> None:
    """A question is never a punch."""
    if "reason" in row.readings[0][1]:
        return
    assert understand(f"{row.text}?", locale=row.locale, zone=MOSCOW, now=NOW).intent not in PUNCHES


@st.composite
def typos(draw: st.DrawFn) -> tuple[Row, str]:
    """Return a row and its text with one letter of one longer word added, dropped, changed or swapped."""
    row = draw(st.sampled_from(WITH_OPPOSITE))
    text = row.text.lower()
    places = list(re.finditer(r"[^\W\d_]{5,}", text))
    if not places:
        return row, text
    found = draw(st.sampled_from(places))
    word = found.group()
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("абвгдежзийклмнопрстуфхцчшщыьэюя" if word > "z" else "abcdefghijklmnopqrstuvwxyz"))
    changed = draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
    )
    return row, text[: found.start()] + changed + text[found.end() :]


@settings(max_examples=series(200), deadline=None)
@given(typos())
def test_typo_never_turns_a_meaning_round(typo: tuple[Row, str]) -> None:
    """A slip of one letter may cost the meaning, and never turns it into its opposite."""
    row, text = typo
    if set(text.split()) & {"онлайн", "офлайн", "оффлайн"}:
        return  # two words of their own, one letter apart
    intent = row.readings[0][0]
    assert understand(text, locale=row.locale, zone=MOSCOW, now=NOW).intent not in OPPOSITES[intent]


@settings(max_examples=series(50), deadline=None)
@given(row=st.sampled_from([row for row in KNOWN if row.readings[0][0] in PUNCHES]), now=MOMENTS, zone=ZONES)
def test_single_punch_is_never_still_to_come(row: Row, now: datetime, zone: ZoneInfo) -> None:
    """Where a punch has one reading and no day was named, its moment is past."""
    if not all("at" in slots for _, slots in row.readings) or _names_a_day(row.text):
        return
    found = understand(row.text, locale=row.locale, zone=zone, now=now)
    moment = found.slots.get("at")
    assert found.ambiguous or not isinstance(moment, datetime) or moment <= now


def _names_a_day(text: str) -> bool:
    """Whether a day is named in the text, today among them."""
    days = "сегодня|вчера|понедельник|вторник|пятниц|июл|\\d\\.07|today|yesterday|day|july|morning"
    return re.search(days, text.lower()) is not None


def test_long_text_is_not_for_us() -> None:
    """A text of more than 500 characters has no intent."""
    assert understand("пришёл " * 72, locale="ru", zone=MOSCOW, now=NOW).intent is None


def test_tables_do_not_overlap() -> None:
    """No phrase stands in both tables or twice in one."""
    texts = [row.text for row in (*rows("ru"), *rows("en"))]
    twice = {text for text in texts if texts.count(text) > 1}
    assert twice <= {"9:15", "9.15", "👍", "😀😀😀", "...", "???", "שלום", "مرحبا", "1234567890", "asdfgh"}

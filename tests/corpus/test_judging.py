"""The corpus has one strict form, files from elsewhere a lenient one, and an answer is worth what would be recorded."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.corpus import CORPUS, BadLine, Line, lenient, reading_of, strict
from benchmarks.judge import ASKED, DANGEROUS, RIGHT, WRONG, judge, verdict

MOSCOW = ZoneInfo("Europe/Moscow")
SAID_AT = datetime(2026, 11, 24, 14, 20, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    "words",
    [
        "arrive at=08:35",
        "check_in at=morning",
        "check_in at=08:35 at=08:40",
        "check_in 08:35",
        "check_in when=08:35",
        "null at=08:35",
        "null?",
        "leave from_day=13-01",
        "late minutes=ten",
    ],
)
def test_a_bad_reading(words: str) -> None:
    """A reading that is not of the form is refused."""
    with pytest.raises(BadLine):
        reading_of(words, SAID_AT)


@pytest.mark.parametrize(
    "raw",
    [
        '{"text": "hello"}',
        '{"text": " ", "right": "null"}',
        '{"text": "hello", "right": []}',
        '{"text": "hello", "right": "null", "note": "?"}',
        '{"text": "hello", "right": "null", "now": "today"}',
        '{"text": "hello", "right": "null", "zone": "Mars"}',
        '{"text": "hello", "right": 1}',
        "[1]",
        "hello",
    ],
)
def test_a_bad_line(tmp_path: Path, raw: str) -> None:
    """A line that is not of the form is refused with its place."""
    path = tmp_path / "talk.en.jsonl"
    path.write_text('{"text": "hi", "right": "null"}\n' + raw + "\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"talk\.en\.jsonl:2"):
        strict(path)


def line(right: str | list[str], never: str = "") -> Line:
    """Return a line of one's own."""
    readings = [reading_of(one, SAID_AT) for one in ([right] if isinstance(right, str) else right)]
    dangers = (reading_of(never, SAID_AT),) if never else ()
    return Line("…", "ru", MOSCOW, SAID_AT, tuple(readings), dangers, "talk", "talk.ru.jsonl:1")


def said(intent: str | None, asked: tuple[str, ...] = (), **slots: object) -> dict[str, object]:
    """Return an answer."""
    return {"intent": intent, "slots": slots, "ambiguous": [{"intent": one, "slots": slots} for one in asked]}


NINE = "2026-11-24T09:00:00+03:00"
TEN = "2026-11-24T10:00:00+03:00"
NOON = "2026-11-24T12:00:00+03:00"


@pytest.mark.parametrize(
    ("expected", "answer", "worth"),
    [
        (line("check_in at=09:00"), said("check_in", at=NINE, reason="метро"), RIGHT),
        (line("check_in at=09:00"), said("check_in", at=TEN), DANGEROUS),
        (line("check_in at=09:00"), said("check_in"), DANGEROUS),
        (line("check_in at=-"), said("check_in", at=NINE), DANGEROUS),
        (line("check_in at=09:00"), said(None), WRONG),
        (line("check_in at=09:00"), said("check_in", ("check_in", "check_out"), at=NINE), ASKED),
        (line("check_in? at=09:00"), said("check_in", ("check_in", "check_out"), at=NINE), RIGHT),
        (line("check_in? at=09:00"), said("check_in", at=NINE), DANGEROUS),
        (line(["null", "check_out?"]), said(None), RIGHT),
        (line(["null", "check_out?"]), said("check_out"), DANGEROUS),
        (line("break_start duration_seconds=900"), said("break_start"), WRONG),
        (line("null"), said("undo"), DANGEROUS),
        (line("null"), said("leave", kind="sick"), DANGEROUS),
        (line("leave kind=vacation from_day=11-25"), said("leave", kind="vacation", from_day="2026-11-26"), WRONG),
        (line("leave person~Анн", "leave person=-"), said("leave", kind="sick"), DANGEROUS),
        (line("leave person~Анн", "leave person=-"), said("leave", person="Анну"), RIGHT),
        (line("null"), said("today"), WRONG),
        (line("status", "today"), said("today"), DANGEROUS),
    ],
)
def test_worth(expected: Line, answer: dict[str, object], worth: str) -> None:
    """An answer is worth what would be recorded; what is asked back is never dangerous."""
    assert verdict(expected, answer) == worth


def test_files_from_elsewhere(tmp_path: Path) -> None:
    """They may say what is right in other ways."""
    told = [
        {"text": "я на месте", "intent": "check_in", "slots": {}},
        {"line": "пришёл в 9", "expect": {"intent": "check_in", "slots": {"at": NINE}}, "now": NOON},
        {"input": "left at 6pm", "locale": "en", "now": "2026-11-24T19:00", "right": "check_out at=18:00"},
        {"input": {"text": "ушла домой", "locale": "ru"}, "right": ["check_out", "went_home"]},
        {"text": "how is it going", "expect": None},
        {"text": "я ещё не ушёл", "right": [{"intent": None}, {"intent": "status"}], "never": ["check_out"]},
        {"text": "вчера с 9 до 6", "expect": {"intent": "worked", "ambiguous": True}},
    ]  # fmt: skip
    path = tmp_path / "neighbour.jsonl"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in told), encoding="utf-8")
    lines = lenient(path)
    assert [one.locale for one in lines] == ["ru", "ru", "en", "ru", "en", "ru", "ru"]
    assert [one.verdict for one in judge(lines)] == [RIGHT] * len(told)


def test_both_readers() -> None:
    """Our own files are read alike by the strict and by the lenient one."""
    for path in sorted(CORPUS.glob("*.jsonl"))[:4]:
        assert [(one.text, one.now, one.right, one.never) for one in lenient(path)] == [
            (one.text, one.now, one.right, one.never) for one in strict(path)
        ]


@pytest.mark.parametrize(
    "raw", ['{"text": "ok"}', '{"right": "null"}', "[]", '{"text": "ok", "right": "what was meant"}']
)
def test_a_file_that_cannot_be_judged(tmp_path: Path, raw: str) -> None:
    """A line without a sentence or a right reading is named, not guessed."""
    path = tmp_path / "neighbour.jsonl"
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(BadLine, match=r"neighbour\.jsonl:1"):
        lenient(path)

"""What a report is about: days gone by, whose they are, what stands out in them, and the file that is wanted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots, span_slots
from bot.understanding.days import period_days
from bot.understanding.model import Reading
from bot.understanding.people import department, named, person
from bot.understanding.persons import named_person
from bot.understanding.phrases import Period

if TYPE_CHECKING:
    from bot.understanding.absence import Slots
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]
_FAMILIES: Final = frozenset({"scope", "format", "report", "today", "topic", "who", "presence"})
_BESIDE_SUMS: Final = frozenset({"scope", "format", "worked", "today", "report", "topic", "status", "check_in"})
_NOT_ASKED: Final = (
    *("neg", "where", "future", "is", "marked", "off", "step_out"),
    *("forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start"),
)
_OF_TEAM: Final = frozenset({"scope:team", "scope:me", "show"})
_WHO: Final = frozenset({"кто", "кого", "who", "whos"})
_THANKS: Final = frozenset({"спасибо", "спс", "благодарю", "thanks", "thank", "thx", "cheers"})
_ITS: Final = frozenset({"the", "your", "this", "твой", "ваш", "этот", "такой"})
_TO_APPROVE: Final = ("согласу", "согласов", "заявк", "approv", "request")
_TO_CONFIRM: Final = ("подтвер", "confirm")


def team(heard: Heard, made: Frame) -> Readings:
    """Return the report of the team: «команда», and nothing about time or anybody else."""
    if heard.unknown or heard.question or not made.is_empty or any(label not in _OF_TEAM for label, _ in heard.labels):
        return ()
    return (Reading("report", {"scope": "team"}),)


def name_team(heard: Heard) -> None:
    """Take «команды» for the team where its days or its sheet are asked for; by itself it asks for the commands."""
    if "команды" not in heard.words:
        return
    if heard.times or any(label.startswith(("report", "topic")) for label in heard.named):
        heard.relabel(
            [("scope:team" if heard.row[place] == "команды" else label, place) for label, place in heard.labels]
        )


def is_about_team(heard: Heard, made: Frame, families: set[str]) -> bool:
    """Whether a team is named with its days, or a department by its name, and nothing is said of anybody's doings."""
    if "scope:team" not in heard.named or families - {"scope", "today"} or heard.has("me", "ask", "modal", "cond"):
        return False
    return not made.is_empty or "today" in families or bool(department(heard)[0])


def asked(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings:
    """Return a report; other intents beside it make no sense."""
    if families - _FAMILIES or heard.has(*_NOT_ASKED):
        return ()
    if families <= {"format"} and made.is_empty and not heard.has("show", "format:t13"):
        return ()
    if any(word.startswith(_TO_CONFIRM) for word in heard.words) or _is_wish(heard, made) or _is_thanked_for(heard):
        return ()
    if families == {"today"}:
        return today(heard, made, scene)
    return past_report(heard, made, scene) if families <= {"scope", "today"} else report(heard, made, scene)


def past_report(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings of a report; none where its days are still to come."""
    found = report(heard, made, scene)
    return () if any(_is_ahead(one, scene) for one in found) else found


def _is_wish(heard: Heard, made: Frame) -> bool:
    """Whether overtime is asked to be approved: «прошу согласовать переработку», «переработка вчера с 18 до 20»."""
    if "topic:overtime" not in heard.named:
        return False
    return bool(made.days and made.has_clock) or any(word.startswith(_TO_APPROVE) for word in heard.words)


def _is_thanked_for(heard: Heard) -> bool:
    """Whether somebody is thanked for it: «спасибо Анне за отчёт»."""
    if _THANKS.isdisjoint(heard.words):
        return False
    places = [at for label, at in heard.labels if label in {"report", "topic:overtime"} or label.startswith("format")]
    before = [word for at in places for word in heard.row[max(at - 3, 0) : at] if word not in _ITS]
    return bool(before) and before[-1] in {"за", "for"}


def _is_ahead(reading: Reading, scene: Scene) -> bool:
    """Whether the days of a report are still to come."""
    first = reading.slots.get("from_day")
    return isinstance(first, date) and first > scene.today


def how_long(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings:
    """Return the sums that «сколько я отработал» asks for: today's where no other time was named."""
    own = bool(families & {"worked", "report", "topic", "today", "check_in"}) or (not families and not made.is_empty)
    if not own or families - _BESIDE_SUMS or "neg" in heard.named:
        return ()
    return report(heard, made, scene) if "topic" in families else today(heard, made, scene)


def report(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings of a report over days gone by."""
    if made.crowded or made.ago is not None or made.length is not None:
        return ()
    take_year(heard, made)
    made.take_dates(keep=0)
    slots = _subject(heard)
    if made.clocks or slots is None:
        return ()
    found: list[Slots] | None = [{}]
    if not made.is_empty:
        found = day_slots(made, scene, ahead=False)
    elif heard.has("today", "presence"):
        found = [span_slots(scene.today, scene.today)]
    return tuple(Reading("report", {**days, **slots}) for days in found or ())


def balance(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the report that shows how hours stand against the norm; of this month where no days were said."""
    found = report(heard, made, scene)
    if made.is_empty and found:
        days = period_days(Period("month", 0), scene.today, ahead=False)
        found = () if days is None else tuple(Reading("report", {**span_slots(*days), **one.slots}) for one in found)
    return tuple(Reading("report", {**one.slots, "topic": "balance"}) for one in found)


def take_year(heard: Heard, made: Frame) -> None:
    """Take the 2025 of «отчёт за 2025» for the year: of reports it is no time of day."""
    if len(made.clocks) != 1 or made.period is not None:
        return
    place = made.clocks[0][1]
    token = next((each for each in heard.tokens[place : place + 2] if each.kind == "number"), None)
    if token is not None and len(token.text) == len("2025") and token.text.startswith("20"):
        made.period, made.clocks = Period("year", year=int(token.text)), []


def _subject(heard: Heard) -> Slots | None:
    """Return whose report it is, in which form, and what is to stand out; None where the words name nobody."""
    slots: Slots = {}
    for label, _ in heard.labels:
        name, _, value = label.partition(":")
        if name in {"format", "scope", "topic"} and slots.get(name) != "t13":
            slots[name] = value
    if "late~" in heard.named:
        slots["topic"] = "late"
    if not heard.words.isdisjoint(_WHO):
        if "topic" not in slots:
            return None
        slots["scope"] = "team"
    name, places = department(heard)
    if name:
        slots |= {"scope": "team", "department": name}
        heard.unknown = [place for place in heard.unknown if place not in places]
    if heard.unknown:
        somebody = person(heard, pointed=True) or _named_alone(heard)
        if somebody is None or name:
            return None
        slots |= {"scope": "person", "person": somebody}
    return slots


def _named_alone(heard: Heard) -> str | None:
    """Return the name of which all the words that are none of ours consist: "how much did boris work"."""
    name = named_person(heard)
    return name if name is not None and len(name.split()) == len(heard.unknown) else None


def today(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return today's sums, or a report where another day was named."""
    if made.is_empty or (len(made.days) == 1 and made.days[0].offset == 0 and not made.has_clock):
        known = not heard.unknown or person(heard, pointed=True)
        return (Reading("today", named(heard, pointed=True)),) if known else ()
    return report(heard, made, scene)

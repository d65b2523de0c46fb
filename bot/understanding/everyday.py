"""What people write every day that is no mark: being late, going early, what is left, hours due, is it a workday.

Nothing of it is recorded as a punch, so words of ours may stand beside words that are none: they are its reason.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots, span_slots
from bot.understanding.calendar_words import listed
from bot.understanding.days import dates
from bot.understanding.errands import is_errand
from bot.understanding.lexicon import PUNCHES
from bot.understanding.model import Reading
from bot.understanding.moments import at_hour, halves
from bot.understanding.people import TELLING
from bot.understanding.phrases import Day, Length, Number, PartOfDay
from bot.understanding.reports import balance
from bot.understanding.somebody import is_somebody
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from datetime import datetime

    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_CHANGES: Final = word_class(
    stems="исправ поправ измени поменя скоррект подправ уточн fix correct change edit amend adjust"
)
_HOURS: Final = frozenset({"remaining", "balance", "norm"})
_FORGOT_WHAT: Final = ("forgot:check_in", "forgot:check_out", "forgot:break_start")
_FORGOT: Final = frozenset({"forgot", *_FORGOT_WHAT})
_MARKS: Final = PUNCHES | {"worked"}
_FIXES: Final = frozenset({"fix", "forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start", "show"})
_MINUTE: Final = 60
_LATEST: Final = 8 * 60
"""Nobody is late by more minutes than a working day has."""
_ARRIVED: Final = re.compile(r"(?:л|ла|лся|лась|ed)$")
_FIRST: Final = re.compile(r"[а-я](?:ю|у|юсь|усь)$|^проспал|^застрял")
_PAST: Final = frozenset(
    listed("left finished went came arrived got started done gone ended wrapped knocked took had here тут здесь онлайн")
)
_STATES: Final = frozenset(listed("на в за"))
_EARLY: Final = frozenset(listed("рано пораньше раньше early earlier"))
_MINE: Final = frozenset(listed("я i im ive ill id me my мне меня мой моя мою"))
_WERE: Final = frozenset(listed("was were did был была были было"))
_LEAVING: Final = ("early", "going", "off")
_GOING: Final = frozenset(listed("уйду уйти уходить отпустите"))
_WISHED: Final = frozenset(listed("хотел хотела собирался собиралась думал думала планировал планировала wanted"))
_COMING: Final = ("late", "late:not", "arrive")
_COMING_WORDS: Final = frozenset(listed("буду приду late behind away опоздание"))
_MOVING: Final = frozenset({*_LEAVING, *_COMING})
_MOVING_WORDS: Final = frozenset({"going", *_GOING, *_COMING_WORDS})
"""Without one of these nobody goes early or comes late."""
_ASKING: Final = frozenset({"ask", "next_off"})
_BY: Final = frozenset(listed("by around about at к ко до"))
_TILL: Final = frozenset(listed("до till until"))
_NOT_COMING: Final = frozenset({"late", "late:not", "neg"})
_DAYS_OFF: Final = frozenset(listed("выходной праздник праздничный holiday off weekend"))
_OF_WORKDAYS: Final = frozenset({"workday", "works", "target:worked"})
_ASKS: Final = frozenset(listed("is are do am does"))
_NO_REASON: Final = frozenset({"running", "опоздание"})
_BESIDE_LATE: Final = frozenset({"late", "check_in", "arrive"})


def everyday(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the readings of what people tell or ask every day; None where the words are about something else."""
    if "left" in heard.words and _tells_what_is_left(heard):
        return ()
    if not heard.named.isdisjoint(_HOURS):
        if "remaining" in heard.named:
            if made.period is not None:
                return _norm(heard, made, scene)  # "how many hours do I have to work this month"
            return (Reading("remaining"),) if _is_of_today(made) and not heard.unknown else ()
        return balance(heard, made, scene) if "balance" in heard.named else _norm(heard, made, scene)
    named, words = heard.named, heard.words
    if heard.says & _CHANGES or not named.isdisjoint(_FORGOT):
        wish = _wish_to_correct(heard, made, families, scene)
        if wish is not None:
            return wish
    if heard.question or not named.isdisjoint(_ASKING) or heard.row[0] in _ASKS:
        workday = _workday(heard, made, families, scene)
        if workday is not None:
            return workday
    if "check_out" not in families and named.isdisjoint(_MOVING) and words.isdisjoint(_MOVING_WORDS):
        return None
    early = _leave_early(heard, made, families, scene)
    return early if early is not None else _late(heard, made, families, scene)


def _wish_to_correct(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the wish to change a day or a mark of which the right time was not said: "correct yesterday".

    «Забыла отметить обед» wishes the same. It confirms nothing and changes nothing yet.
    """
    forgot = [label for label, _ in heard.labels if label in _FORGOT_WHAT]
    if "forgot" in heard.named and "отметить" in heard.words and made.days:  # «забыл вчера отметить уход»
        forgot += [f"forgot:{label}" for label, _ in heard.labels if label in {"check_in", "check_out", "break_start"}]
    if made.has_clock or made.length is not None or made.ago is not None:
        return None
    beside = {*_MARKS, "target", "forgot", "scope", "confirm" if _is_to_correct(heard) else ""}
    if heard.unknown or heard.question or families - beside or len(made.days) > 1:
        return None
    named = [label.partition(":")[2] for label in forgot]
    named += [label.removeprefix("target:") for label, _ in heard.labels if label.removeprefix("target:") in _MARKS]
    targets = list(dict.fromkeys(named))
    days = [day for day in dates(made.days[0], scene.today, ahead=False) if day <= scene.today] if made.days else []
    if len(targets) > 1 or not (targets or days) or made.period is not None:
        return None
    slots: dict[str, object] = {"target": targets[0]} if targets else {}
    return tuple(Reading("wish_correct", {"day": day, **slots}) for day in days) or (Reading("wish_correct", slots),)


def _is_to_correct(heard: Heard) -> bool:
    """Whether "correct" is a wish, "I need to correct Friday", and agrees to nothing."""
    row = heard.row
    at = row.index("correct") if "correct" in heard.words else -1
    return at == 0 or (at > 0 and row[at - 1] == "to")


def _is_of_today(made: Frame) -> bool:
    """Whether no time was said but today: «осталось 3 часа» tells, it does not ask."""
    return made.is_empty or (not made.has_clock and made.length is None and all(day.offset == 0 for day in made.days))


def may_ask(heard: Heard) -> bool:
    """Whether what sounds like a condition only asks politely: «мне бы уйти», "could I", "is it ok if I leave"."""
    words = heard.words
    said = {heard.row[place] for label, place in heard.labels if label == "cond"}
    polite = {"бы", "could", "would"} | ({"if"} if words & {"ok", "okay", "alright", "fine", "mind"} else set())
    return said <= polite


def planned(heard: Heard, made: Frame, intents: list[str], scene: Scene) -> Readings | None:
    """Return what a mark in the present tense with a time still to come is: news of going, or a plan; None if none.

    «Ухожу в 17:30» at half past two records nothing; «ушла в 17:30» is asked about, for the tense says that it is done.
    """
    if len(intents) != 1 or len(made.clocks) != 1 or made.since is not None or made.until is not None:
        return None
    if made.ago is not None or made.length is not None or not heard.named.isdisjoint(_FIXES):
        return None
    if any(is_past(word) for word in heard.words):
        return None
    if made.for_number and heard.is_english and not made.days:
        return None  # "popping out for 15" is a quarter of an hour
    words = [heard.row[place] for label, place in heard.labels if label in intents]
    is_named = bool(made.days)
    is_verb = any(_FIRST.search(word) or word.endswith("ing") for word in words)
    if not (is_verb or is_named or "off" in words):
        return None
    kind = "check_out" if intents[0] in {"check_out", "off"} else intents[0]
    half = kind if kind in PUNCHES else "break_start"
    days = dates(made.days[0], scene.today, ahead=True) if is_named else (scene.today,)
    said = made.days[0] if is_named else None
    if said is not None and not is_verb and said.offset is None:
        return None  # «приход в пятницу в 9» is of the last one
    moments = [_moment(scene, made, day, made.clocks[0][0], half) for day in days]
    ahead = [moment for moment in moments if moment is not None and moment > scene.now]
    if not ahead:
        return None
    reason = _reason(heard)
    slots: dict[str, object] = {"at": ahead[0], **({"reason": reason} if reason else {})}
    return (Reading("leave_early", slots),) if kind == "check_out" else ()


def _tells_what_is_left(heard: Heard) -> bool:
    """Whether "3 hours left" or «час остался» tells what is left: it is neither asked nor is anybody leaving."""
    lengths = [place for said, place in heard.times if isinstance(said.value, Length)]
    return any(heard.row[after] == "left" for place in lengths for after in range(place, len(heard.tokens)))


def _norm(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the question how many hours are due: in this month, or in the days that were said."""
    if "neg" in heard.named or heard.unknown or made.has_clock or made.length is not None:
        return ()
    if made.is_empty:
        return (Reading("norm", _month(scene.today)),)
    if made.period is not None and made.period.unit == "month" and made.period.month and not made.period.year:
        return (Reading("norm", _month(date(scene.today.year, made.period.month, 1))),)
    found = day_slots(made, scene, ahead=True) or ()
    return tuple(Reading("norm", slots) for slots in found[:1])


def _month(day: date) -> dict[str, object]:
    """Return the month of a day as the slots of a range."""
    first = day.replace(day=1)
    return span_slots(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _workday(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the question whether a day is a workday, or when the next day off is."""
    if "next_off" in heard.named:
        is_holiday = any(word.startswith(("праздник", "holiday")) for word in heard.words)
        return (Reading("is_workday", {"ask": "next_holiday" if is_holiday else "next_off"}),)
    words = heard.words
    if families != {"check_in"} and heard.named.isdisjoint(_OF_WORKDAYS) and words.isdisjoint(_DAYS_OFF):
        return None
    was = not words.isdisjoint(_WERE)
    if was and (heard.unknown or words.isdisjoint(_DAYS_OFF)):
        return None
    named = heard.has("workday", "target:worked") or not words.isdisjoint(_DAYS_OFF)
    if "works" in heard.named or (families == {"check_in"} and _is_ahead(made, scene)):
        named = True
    made.days = [
        day for day in made.days if len(made.days) == 1 or day != Day(weekday=day.weekday)
    ]  # «28 ноября суббота?»
    if not named or len(made.days) != 1 or made.has_clock or _strange(heard):
        return None
    if families - {"leave", "check_in", "check_out", "off", "target"} or heard.has(
        "modal", "taking", "neg", "who", "where"
    ):
        return None
    return tuple(Reading("is_workday", {"day": day}) for day in dates(made.days[0], scene.today, ahead=not was)[:1])


def _strange(heard: Heard) -> bool:
    """Whether a word is none of ours but «мы»."""
    return any(heard.row[place] not in {"мы", "we", "есть"} for place in heard.unknown)


def _is_ahead(made: Frame, scene: Scene) -> bool:
    """Whether one day was said, and it is still to come."""
    found = dates(made.days[0], scene.today, ahead=True) if len(made.days) == 1 and not made.has_clock else ()
    return bool(found) and found[0] > scene.today


def _leave_early(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the wish to go before the end of the day; None where nobody goes early."""
    words = heard.words
    goes_at = "going" in words and _goes_at(heard)
    is_told = goes_at or "check_out" in families or not heard.named.isdisjoint(_LEAVING)
    if not is_told and words.isdisjoint(_GOING):
        return None
    if (made.since is not None and made.day(made.since) is not None and made.count is not None) or len(made.clocks) > 1:
        return None  # "two weeks off from 7 December", "two on two off"
    bound = not words.isdisjoint(_EARLY)
    is_going = goes_at or heard.has("going", "off") or "check_out" in families or not words.isdisjoint(_GOING)
    if not ("early" in heard.named or (is_going and bound)) and not _asks_to_go(heard, made, is_going=is_going):
        return None
    if "было" in words or (not words.isdisjoint(_WISHED) and "бы" not in words and not heard.question):
        return ()  # «надо было уйти в 17», «хотела уйти в 17, но осталась»
    if families - {"early", "going", "check_out", "late", "leave", "confirm", "is"} or heard.has(
        "neg", "show", "how_long"
    ):
        return ()
    if _is_of_others(heard, "early", "going", "check_out") or heard.says & TELLING:
        return ()
    if made.has_clock and "got" in words and "off" in heard.named:
        return None  # "got off at seven"
    if any(is_past(heard.row[place]) for label, place in heard.labels if label == "check_out"):
        if heard.has("future", "arrive"):
            return None  # «ушла, завтра буду к 10»
        if made.has_clock:
            return None  # «ушла пораньше, в 16» tells when
        if "cond" in heard.named:
            return ()  # «ушла бы раньше»
        live = Reading("check_out")
        return (live, Reading("leave_early")) if _is_of_today(made) else ()
    return tuple(Reading("leave_early", slots) for slots in _when(heard, made, scene, "check_out", "at"))


def _goes_at(heard: Heard) -> bool:
    """Whether somebody goes at an hour: "going at five today"; "going to lunch at one" is something else."""
    if heard.unknown:
        return False
    after = heard.row[heard.row.index("going") + 1 :]
    return after[:1] in (["at"], ["around"]) and not heard.has(*PUNCHES, "leave:vacation", "leave:business_trip")


def _asks_to_go(heard: Heard, made: Frame, *, is_going: bool) -> bool:
    """Whether somebody asks to go at a time: «можно я уйду в 16?», "can I leave at 4"."""
    wants = heard.question or "modal" in heard.named or "отпустите" in heard.words
    is_said = "future" in heard.named or (is_errand(heard) and any(word.endswith("ing") for word in heard.words))
    plans = is_said and bool(made.days or heard.unknown)  # «завтра уйду в 15», «уйду в 15 к врачу»
    return (
        is_going
        and (wants or plans)
        and made.has_clock
        and made.until is None
        and not heard.has("break_start", "step_out")
    )


def _late(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the news of coming late, with the minutes or the time of coming as far as they were said."""
    words = heard.words
    if heard.named.isdisjoint(_COMING) and words.isdisjoint(_COMING_WORDS):
        return None
    comes = "arrive" in heard.named or "буду" in words or "приду" in words
    more = bool(words & {"позже", "попозже", "later"}) and made.length is not None and comes  # «приду на час позже»
    runs = more or ("опоздание" in words and made.length is not None)
    runs = runs or ("away" in words and _is_so_far(heard, made))
    runs = runs or ("behind" in words and "running" in words and made.has_clock)
    runs = runs or ("late" in words and ("running" in words or made.length is not None))
    if "late:not" in heard.named:
        families -= {"check_in"}
    if (
        not heard.has("late", "late:not")
        and not runs
        and not (comes and (made.has_clock or (made.ago and made.ago.seconds < 0)))
    ):
        return None
    if not runs and heard.named.isdisjoint(_NOT_COMING) and _is_till(heard):
        return ()  # «буду до 19» says how long somebody stays
    if "check_in" in families and "late" in heard.named and _has_come(heard, made, scene):
        families.discard("late")
        return None  # «проспала, пришла в 10:20»
    if families - _BESIDE_LATE and not ("away" in words and families == {"break_start"} and runs):
        return () if "late" in heard.named or runs else None
    if made.part and is_errand(heard):
        return None  # «завтра с утра к врачу, буду к 12» is an absence
    if made.since is not None or made.crowded or heard.question or heard.has("who", "where", "forgot", "fix"):
        return ()
    if _is_of_others(heard, "late", "arrive") or ("neg" in heard.named and "late:not" not in heard.named):
        return ()
    return tuple(Reading("late", slots) for slots in _when(heard, made, scene, "check_in", "until"))


def _is_so_far(heard: Heard, made: Frame) -> bool:
    """Whether "I'm 10 min away", "10 min away from the office" tell how far somebody is: the length stands first."""
    at = heard.row.index("away")
    is_way = "me" in heard.named or heard.row[at + 1 : at + 2] == ["from"]
    return made.length is not None and is_way and any(place == at - 2 for _, place in heard.times)


def _is_till(heard: Heard) -> bool:
    """Whether the only time that was said is an end: «до 19», "till 7"."""
    clocks = [(said, at) for said, at in heard.times if _is_clock(said.value)]
    return bool(clocks) and all(said.prep == "until" and heard.row[at] in _TILL for said, at in clocks)


def _is_clock(value: TimeWord) -> bool:
    """Whether a piece of time is an hour, not a day or a part of it."""
    return not isinstance(value, (Day, PartOfDay))


def _is_of_others(heard: Heard, *labels: str) -> bool:
    """Whether somebody else comes late or goes early: a name before the words of it, and nothing that says «я».

    A Russian verb of the first person says «я» by itself.
    """
    places = [place for label, place in heard.labels if label in labels]
    if not heard.words.isdisjoint(_MINE) or any(_FIRST.search(heard.row[place]) for place in places):
        return False
    return is_somebody(heard, before=min(places, default=len(heard.tokens)))


def _has_come(heard: Heard, made: Frame, scene: Scene) -> bool:
    """Whether the words tell that the person is here by now: "just got in", «на месте», "in at 9:15" after that."""
    places = [place for label, place in heard.labels if label.startswith("check_in")]
    words = [heard.row[place] for place in places]
    if any(is_past(word) or word in _STATES for word in words):
        return True
    if len(made.clocks) == 1 and heard.row[made.clocks[0][1]] == "at":
        moment = _moment(scene, made, scene.today, made.clocks[0][0], "check_in")
        return moment is not None and moment <= scene.now
    return made.is_empty and not heard.has("bound", "future") and "now" in heard.words


def is_past(word: str) -> bool:
    """Whether a word tells of what is done."""
    return word in _PAST or bool(_ARRIVED.search(word))


def _when(heard: Heard, made: Frame, scene: Scene, half: str, name: str) -> list[dict[str, object]]:
    """Return the slots of a time ahead: minutes, or an instant of the day that was said; empty where none was."""
    minutes = _minutes(heard, made) if name == "until" else None
    reason = _reason(heard)
    extra: dict[str, object] = {"reason": reason} if reason else {}
    days = [scene.today] if not made.days else list(dates(made.days[0], scene.today, ahead=True))
    if minutes is not None:
        other = {"day": days[0]} if days and days[0] != scene.today else {}
        return [{"minutes": minutes, **other, **extra}] if 0 < minutes <= _LATEST else []
    if "late:not" in heard.named and len(made.clocks) > 1:
        made.clocks = made.clocks[1:]  # «не успеваю к 9, буду в 9:20»
    said = [value for value, _ in made.clocks] or [
        value for value in (made.until, made.since) if value is not None and not isinstance(value, Day)
    ]
    if not said:
        is_today = not days or days[0] == scene.today
        return [extra if is_today else {"day": days[0], **extra}]
    moments = [_moment(scene, made, day, said[0], half) for day in days]
    return [{name: moment, **extra} for moment in moments if moment is not None][:1]


def _minutes(heard: Heard, made: Frame) -> int | None:
    """Return the minutes that were said: «на 20 минут», "running 15 late", «через полчаса»."""
    if made.length is not None:
        return made.length.seconds // _MINUTE
    if made.ago is not None:
        return -made.ago.seconds // _MINUTE
    if len(made.clocks) != 1 or made.at_number:
        return None
    value, place = made.clocks[0]
    if "late:not" in heard.named:
        return None
    is_length = made.for_number or "arrive" not in heard.named or heard.row[place - 1] == "in"
    is_clock = place > 0 and heard.row[place - 1] in _BY
    return value.value if isinstance(value, Number) and is_length and not is_clock else None


def _moment(scene: Scene, made: Frame, day: date, value: TimeWord, half: str) -> datetime | None:
    """Return the instant of a time on that day, in the half of the day that people mean by it."""
    time = made.clock(value)
    if time is None:
        return None
    found = scene.instants(day, at_hour(time, halves(time, half)[0]))
    return found[0] if found else None


def _reason(heard: Heard) -> str:
    """Return why, in the person's own words: from the first word that is none of ours to the last."""
    if not heard.unknown:
        return ""
    words = [place for place in heard.unknown if heard.row[place] not in _NO_REASON]  # "running 20 late"
    if not words:
        return ""
    first, last = words[0], words[-1]
    if first and heard.row[first - 1] in {"к", "ко", "в", "на", "for", "to", "the", "a", "из"}:
        first -= 1
    return heard.raw(first, last).strip(" ,.!-")

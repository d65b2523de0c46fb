"""An absence: its kind, its days or hours, told before or afterwards; a part of a day that was said is never lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots, hour_slots, span_slots, stretches
from bot.understanding.breaks import split_dash, timed_break
from bot.understanding.calendar_words import NEAREST, NTH, listed
from bot.understanding.days import dates
from bot.understanding.doubts import concerns_everybody
from bot.understanding.errands import goes_to_somebody, is_errand, is_too_long, reason_of
from bot.understanding.model import Reading
from bot.understanding.others import spoken_for
from bot.understanding.people import is_destination
from bot.understanding.persons import named_person
from bot.understanding.phrases import Day, Length, Number, Pair
from bot.understanding.punches import remote
from bot.understanding.somebody import is_somebody
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.absence import Slots
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_MOVES: Final = word_class(stems="перенес перенос move transfer")
_FORGOT: Final = ("forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start")
_DENIED: Final = ("neg", "where", "how_long", "step_out", "step_until", "marked", "ask", "ask_self", *_FORGOT)
_OTHER: Final = frozenset({"gone", "home", "later"})
_PARTS: Final = {"am": "morning", "day": "afternoon", "evening": "afternoon"}
_WHOLE_DAYS: Final = frozenset({"vacation", "business_trip", "unpaid"})
"""Kinds that people hardly take by the hour: bare numbers are days first."""
_TOLD: Final = frozenset(
    listed(
        "болел болела болели проболел проболела хворал хворала переболел переболела отболел отболела отсутствовал "
        "отсутствовала был была было были брал брала ездил ездила съездил съездила уезжал уезжала летал летала мотался "
        "моталась отгулял отгуляла отдыхал отдыхала отпрашивался отпрашивалась отпускали лежал лежала was were been "
        "took had went missed"
    )
)
_WORKS: Final = frozenset(listed("поработаю поработать работать работаю"))
_WAS: Final = frozenset(listed("был была было были was were been"))
_ILL_NOW: Final = frozenset(listed("болею болен больна хвораю лежу заболел заболела"))
_SHIFT_OFF: Final = frozenset(listed("выходной day days the a"))
_ALL_DAY: Final = ("leave:other", "leave:gone")
_FEW: Final = 4
_ILL: Final = ("leave:sick", "they:sick")
_WITH: Final = frozenset({"with", "с", "со"})
_GIVES: Final = frozenset({"give", "let", "book", "mark", "put"})
_NOT_YET: Final = frozenset(listed("yet еще пока уже"))
_DAY: Final = frozenset({"день", "day", "сутки"})
_SHIFTED: Final = frozenset(listed("позже попозже раньше пораньше later earlier"))
_DONE: Final = re.compile(r"л(?:а|ся|ась)?$|^боле[ею]т$")
_HOURS: Final = 24
_FORTNIGHT: Final = 14


def leave(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings:
    """Return the readings of an absence, which may be wished for but not denied."""
    extra = families - {"leave", "scope", "part", "kin", "they"}
    if "leave:remote" in heard.named:  # «поработаю завтра из дома»: the verb and the place stand apart
        heard.unknown = [at for at in heard.unknown if heard.row[at] not in _WORKS]
    _stays_with_kin(heard, families, extra)
    if heard.row[0] in {"put", "mark"}:
        heard.unknown = [at for at in heard.unknown if heard.row[at] != "down"]  # "put Dave down as remote"
    if "leave:later" in heard.named and not (made.days or made.period) and len(heard.labels) <= _FEW:
        return ()  # «надо отойти» is no wish yet
    if extra == {"break_end"}:
        extra = _from_lunch_on(heard, extra)
    person = spoken_for(heard)
    if person is not None or "they" in families:
        return () if person is None else _for_another(heard, made, person, extra, scene)
    if "leave:sick" in heard.named:
        extra -= {"night"}  # "throwing up all night, won't be in"
    if "worked" in extra and all(heard.row[at] in _WAS for label, at in heard.labels if label == "worked"):
        extra -= {"worked"}  # «была в отпуске»
    kinds = _kinds(heard)
    if "sick" in kinds and made.is_empty and heard.unknown:
        _take_nth_day(heard, made)
    if _is_moved(heard, made) or _is_told_of(heard):
        return ()
    if heard.has(*_DENIED) or (heard.question and not heard.has("modal", "taking")):
        return ()
    if "is" in heard.named and "kin" not in heard.named:
        return ()
    if heard.says & _MOVES or concerns_everybody(heard):
        return ()  # «перенести выходной с 2 мая на 4 мая», «завтра выходной у всех»
    words = heard.words
    if (made.is_empty and not words.isdisjoint({"скоро", "soon"})) or heard.row[0] in {"how", "как"}:
        return ()  # «скоро в отпуск, ура», "how do I take a day off"
    if kinds == ["other"] and not words.isdisjoint({"hoping", "hope", "trying", "надеюсь", "постараюсь"}):
        return ()
    deputy = _deputy(heard)
    if "kin" in heard.named and not heard.has("leave:home", "leave:gone", "leave:other"):
        return ()  # «мама заболела», "my wife is on leave"
    first = min((at for label, at in heard.labels if label.startswith("leave:")), default=0)
    if not heard.has("kin", "me") and is_somebody(heard, before=first):
        return ()  # «Петя заболел, его не будет» is of somebody else
    reason = ""
    if heard.unknown and not (kinds == ["business_trip"] and is_destination(heard)):
        if is_too_long(heard) or any(heard.row[at] in _NOT_YET for at in heard.unknown):
            return ()
        if "other" not in kinds and not is_errand(heard):
            return ()
        reason = "" if "sick" in kinds else reason_of(heard)
    if "kin" in heard.named and set(kinds) <= {"sick", "other"}:
        kinds, reason = ["other"], reason_of(heard, "kin", "leave:sick")
    if "leave:gone" in heard.named and made.length is not None and kinds == ["other"] and not (extra or made.days):
        return timed_break(made, scene)  # «меня не будет полчаса»
    is_told = not heard.has("modal", "future", "taking") and heard.row[-1] != "день"
    if kinds == ["remote"] and (extra == {"check_in"} or (not extra and is_told and _is_today(made))):
        return remote(made, scene, must_have_time=False)
    if extra == {"check_in"} and "check_in:remote" in heard.named and kinds == ["other"]:
        kinds = ["remote"]
    elif extra == {"check_in"} and kinds == ["other"]:
        pass
    elif extra - {"check_out"} or (extra and "check_out~" not in heard.named):
        return ()
    if made.is_empty and kinds == ["other"] and (reason or "leave:home" in heard.named):
        made.days = [Day(offset=0)]
    if reason and _is_clock_of_reason(heard, made):
        made.clocks = []
    more = ({"reason": reason} if reason else {}) | ({"substitute": deputy} if deputy else {})
    return tuple(Reading("leave", {**one.slots, **more}) for one in absence(heard, kinds, made, scene))


def _is_moved(heard: Heard, made: Frame) -> bool:
    """Whether a leave is moved: «отпуск на неделю позже»."""
    if heard.words.isdisjoint(_SHIFTED) or made.days:
        return False
    return made.count is not None or made.length is not None


def _is_told_of(heard: Heard) -> bool:
    """Whether an illness is told of the strange word before it: «Саня приболел», «ёлка заболела»."""
    if not heard.unknown:
        return False
    for label, at in heard.labels:
        if label == "leave:sick" and at and at - 1 in heard.unknown and _DONE.search(heard.row[at]):
            return "me" not in heard.named and not heard.tokens[at].after_comma
    return False


def _take_nth_day(heard: Heard, made: Frame) -> None:
    """Take «болею второй день», "third day sick" for the day on which it began."""
    for at, (word, following) in enumerate(pairwise(heard.row)):
        if following in _DAY and word in NTH and NTH[word] > 1:
            made.since = Day(offset=1 - NTH[word])
            heard.unknown = [place for place in heard.unknown if place != at]


def _stays_with_kin(heard: Heard, families: set[str], extra: set[str]) -> None:
    """Take «дома» for staying at home where somebody of the family is ill, or stayed with: «сын болеет, я дома».

    «Сын дома» alone tells of nobody's absence.
    """
    if not {"kin", "at_home"} <= heard.named or extra - {"they"}:
        return
    stays = heard.has("with_kin", *_ILL) or any(
        label == "kin" and not _WITH.isdisjoint(heard.row[max(at - 3, 0) : at]) for label, at in heard.labels
    )
    is_own = "me" in heard.named or any(
        isinstance(said.value, Day) and said.value.offset == 0 for said, _ in heard.times
    )
    if stays and is_own:
        families -= {"they"}
        settled = [("leave:home" if label == "at_home" else label, at) for label, at in heard.labels]
        heard.relabel([(label, at) for label, at in settled if not label.startswith("they:")])


def _is_clock_of_reason(heard: Heard, made: Frame) -> bool:
    """Whether the one hour that was said is of the reason, in a part of its own: "flight at 6, won't be in"."""
    if len(made.clocks) != 1 or made.since is not None or made.until is not None or not heard.has(*_ALL_DAY):
        return False
    place = made.clocks[0][1]
    away = next(at for label, at in heard.labels if label in _ALL_DAY)
    first, last = sorted((place, away))
    is_parted = any(heard.tokens[at].after_comma for at in range(first + 1, last + 1))
    beside = [at for at in heard.unknown if (at < away) == (place < away)]
    return is_parted and bool(beside)


def _from_lunch_on(heard: Heard, extra: set[str]) -> set[str]:
    """Take «с обеда» beside a leave for the part of the day: «в пятницу с обеда отгул»."""
    rest = [(label, at) for label, at in heard.labels if label != "break_end"]
    places = [at for label, at in heard.labels if label == "break_end"]
    if any(heard.row[at : at + 2] != ["с", "обеда"] for at in places):
        return extra
    heard.relabel([*rest, *(("part:afternoon", at) for at in places)])
    return set()


def _deputy(heard: Heard) -> str:
    """Take «за меня Ольга» out of the words: who stands in is no reason of the absence."""
    words = heard.row
    at = next((place for place in range(1, len(words)) if words[place - 1 : place + 1] == ["за", "меня"]), 0)
    name = named_person(heard, [place for place in heard.unknown if at < place]) if at else None
    if name is None:
        return ""
    heard.unknown = [place for place in heard.unknown if place < at]
    return name


def _for_another(heard: Heard, made: Frame, person: str, extra: set[str], scene: Scene) -> Readings:
    """Return the absence of somebody else: «поставь Анне больничный с понедельника», "Anna is sick till Friday"."""
    kinds = [*_kinds(heard), *(label.partition(":")[2] for label, _ in heard.labels if label.startswith("they:"))]
    if "check_in:remote" in heard.named:
        kinds, extra = [*kinds, "remote"], extra - {"check_in"}
    if "fix" not in heard.named and all(
        heard.row[at] in _SHIFT_OFF for label, at in heard.labels if label.startswith(("leave:", "they:"))
    ):
        kinds = [kind for kind in kinds if kind == "remote"]  # «Борис завтра выходной» is an order about shifts
    if extra or not kinds or heard.question or heard.has("neg", "where", "ask", "ask_self", "how_long", *_FORGOT):
        return ()
    found = absence(heard, list(dict.fromkeys(kinds)), made, scene)
    return tuple(Reading("leave", {"person": person, **one.slots}) for one in found)


def given_off(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the day off that is given to somebody: "give Igor Friday off", "let Sue have the 4th off"."""
    if heard.row[0] not in _GIVES or "off" not in heard.named or not made.days or made.has_clock:
        return None
    person = spoken_for(heard)
    if person is None or heard.question or heard.has("neg", "ask", "ask_self"):
        return None
    return tuple(Reading("leave", {"person": person, **one.slots}) for one in absence(heard, ["day_off"], made, scene))


def of_another(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the remote days of somebody else, which no word of leave tells: "James wfh tomorrow"."""
    if not heard.unknown or families - {"check_in", "part", "scope"} or not (made.days or made.period or made.since):
        return None
    if "check_in:remote" not in heard.named:
        return None
    person = spoken_for(heard)
    if person is None or made.clocks:
        return None
    return _for_another(heard, made, person, set(families) - {"part", "scope"}, scene) or None


def errand(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the absence that is told by its reason alone: «завтра с 9 до 11 к стоматологу»; None where it is none."""
    if not heard.unknown or made.is_empty or heard.question or families - {"part", "kin", "worked"}:
        return None
    was = "worked" in families and all(heard.row[at] in _WAS for label, at in heard.labels if label == "worked")
    if ("worked" in families and not was) or heard.has(*_DENIED, "is", "show", "fix") or is_too_long(heard):
        return None
    if not (is_errand(heard) or (made.days and made.until is not None and goes_to_somebody(heard))):
        return None
    told = heard.unknown
    person = _named_first(heard)
    found = _told_by_reason(heard, made, scene, person, was=was)
    if found is None:
        heard.unknown = told
    return found


def _told_by_reason(heard: Heard, made: Frame, scene: Scene, person: str | None, *, was: bool) -> Readings | None:
    """Return the absence whose reason is there, of this person where one is named."""
    ranged = made.since is not None and made.until is not None and bool(made.days)
    if not (is_errand(heard) or (ranged and goes_to_somebody(heard) and not was)):
        return None
    if not (made.days or made.period or (made.since is not None and made.until is not None)):
        return None  # «банк закрылся в 13»
    if is_somebody(heard, before=heard.unknown[0] + 1) and not goes_to_somebody(heard):
        return None  # «дети ушли в школу в 8»
    if "future" in heard.named and len(made.clocks) == 1 and made.since is None and made.until is None:
        made.until, made.clocks = made.clocks[0][0], []  # «завтра с утра к врачу, буду к 12»
    found = absence(heard, ["other"], made, scene)
    more = {"reason": reason_of(heard)} | ({"person": person} if person else {})
    return tuple(Reading("leave", {**one.slots, **more}) for one in found) or None


def _named_first(heard: Heard) -> str | None:
    """Take the name out of «Борис завтра с 9 до 11 к стоматологу»; None where nobody else is named first."""
    run = [place for at, place in enumerate(heard.unknown) if place == heard.unknown[0] + at]
    name = named_person(heard, run)
    if name is None or len(run) == len(heard.unknown) or not run or run[0] > 0:
        return None
    rest = heard.unknown[len(run) :]
    heard.unknown = run
    person = spoken_for(heard)
    heard.unknown = rest if person else [*run, *rest]
    return person


def absence(heard: Heard, kinds: list[str], made: Frame, scene: Scene) -> Readings:
    """Return the readings of an absence of the kinds named, the more telling kind first."""
    kind = kinds[0] if len(kinds) == 1 else _more_telling(kinds)
    part = _part(heard, made)
    if kind is None or part is None or made.crowded or made.ago is not None:
        return ()
    made.take_dates(keep=0)
    if made.part == "am" and made.until is not None and made.since is None:
        made.part = ""  # «с утра до 12» ends at noon
    told = _is_told(heard)
    _take_date(made)
    if len(made.clocks) == 1 and made.since is None and made.until is None:
        split_dash(made)
    found = _numbers(heard, kind, made, scene)
    if found is None:
        found = _times(kind, made, scene, ahead=not told, part=part)
    if found is None:
        return ()
    if told:
        found = [_gone_by(slots, scene) for slots in found]
    elif kind == "sick":
        found = _nearer(made, scene, found)
        if made.since is not None and len(found) > 1 and not heard.words.isdisjoint(_ILL_NOW):
            found = found[1:]  # «болею с понедельника»: it has begun
    return tuple(Reading("leave", {"kind": kind, **slots}) for slots in _each_once(found))


def _take_date(made: Frame) -> None:
    """Take «с 20.11», where it is the only time that was said, for a date: nobody is ill since 20:11."""
    is_alone = not (made.days or made.clocks or made.period or made.length or made.part)
    for name in ("since", "until"):
        value = getattr(made, name)
        if is_alone and isinstance(value, Pair) and value.joint == "." and (day := made.day(value)) is not None:
            setattr(made, name, day)


def _is_today(made: Frame) -> bool:
    """Whether today was named, and no hours."""
    return bool(made.days) and all(day.offset == 0 for day in made.days) and not made.has_clock and not made.length


def _kinds(heard: Heard) -> list[str]:
    """Return the kinds that were named, each once; a half day off is a day off."""
    named = [label.partition(":")[2] for label, _ in heard.labels if label.startswith("leave:")]
    is_off = heard.has("part:half", "part:morning", "part:afternoon") and not heard.has("future", "arrive")
    if not named and is_off:
        named = ["day_off"]
    return list(dict.fromkeys("other" if kind in _OTHER else kind for kind in named))


def _is_told(heard: Heard) -> bool:
    """Whether the absence is told of afterwards."""
    return not heard.words.isdisjoint(_TOLD) or "меня не было" in heard.text.lower()


def _part(heard: Heard, made: Frame) -> str | None:
    """Return the part of the day that was said; None for the night, of which nobody has a half."""
    parts = [label.partition(":")[2] for label, _ in heard.labels if label.startswith("part:")]
    named = next((part for part in parts if part != "half"), parts[0] if parts else "")
    if named in {"", "half"} and made.part in _PARTS and not made.has_clock:
        return _PARTS[made.part]
    if not named and made.part and not made.has_clock:
        return None
    return named


def _times(kind: str, made: Frame, scene: Scene, *, ahead: bool, part: str) -> list[Slots] | None:
    """Return the days or hours of an absence; an amount and a part of the day stand beside its days."""
    hours = _is_hours(made) and not made.ends_are_dates
    if hours:
        return hour_slots(made, scene, ahead=ahead)
    length, made.length = made.length, None
    if made.is_empty or (made.part and not made.days and not made.has_clock):
        found: list[Slots] | None = None if kind == "other" and not part else [{}]
    else:
        found = day_slots(made, scene, ahead=ahead)
        if found is None:
            found = _apart(made, scene, ahead=ahead)
    if not ahead and made.count is not None and not made.days and made.since is None:
        found = [{}]  # «болела три дня» says not which
    if found is None:
        return None
    more: Slots = ({"amount_seconds": length.seconds} if length is not None else {}) | ({"part": part} if part else {})
    return [{**one, **more} for one in found or [{}]]


def _numbers(heard: Heard, kind: str, made: Frame, scene: Scene) -> list[Slots] | None:
    """Return both readings of bare numbers, «с 14 до 16»: hours of today and days of the month; None where one is."""
    ends = [value for value in (made.since, made.until) if value is not None]
    if not ends or made.days or made.clocks or made.period or made.count or made.part or made.length:
        return None
    if not all(isinstance(value, Number) and 1 <= value.value <= _HOURS for value in ends):
        return None
    if kind in _WHOLE_DAYS and len(ends) == 1:
        return None
    if any(heard.row[at] == "по" for said, at in heard.times if said.prep == "until"):
        return None  # «с 14 по 16» are days
    hours = hour_slots(made, scene, ahead=True) or []
    days = day_slots(made, scene, ahead=True) or []
    if kind == "sick":
        days = _nearer(made, scene, days)
    return [*days, *hours] if kind in _WHOLE_DAYS else [*hours, *days]


def _nearer(made: Frame, scene: Scene, found: list[Slots]) -> list[Slots]:
    """Return the readings of an illness, which is told of as often afterwards as before: the nearer days.

    Of a weekday both are asked about: the coming one, and the one just past.
    """
    said = made.since if made.since is not None else (made.days[0] if len(made.days) == 1 else None)
    if isinstance(said, Day) and said.weekday is not None and said.day is None and said.offset is None:
        return _with_past_weekday(said, made, scene, found)
    first = found[0].get("from_day") if found else None
    if isinstance(first, date) and first < scene.today:
        return found[:1]
    if not isinstance(first, date) or (first - scene.today).days <= _FORTNIGHT:
        return found
    past = day_slots(made, scene, ahead=False) or _apart(made, scene, ahead=False) or []
    before = past[0].get("from_day") if past else None
    is_nearer = isinstance(before, date) and scene.today - before < first - scene.today
    return past if is_nearer else found


def _with_past_weekday(said: Day, made: Frame, scene: Scene, found: list[Slots]) -> list[Slots]:
    """Return the readings of an illness since a weekday: today's or the coming one, and the one just past."""
    if said.turn in {1, NEAREST} or made.until is not None or made.count is not None or not found:
        return found
    past = dates(said, scene.today, ahead=False)[0]
    return [found[0], {name: past if name in {"from_day", "to_day"} else value for name, value in found[0].items()}]


def _gone_by(slots: Slots, scene: Scene) -> Slots:
    """Return the days of a week that is not over yet as those of the week before: they are told of afterwards."""
    first, last = slots.get("from_day"), slots.get("to_day")
    if not isinstance(first, date) or not isinstance(last, date) or not first <= scene.today < last:
        return slots
    week = timedelta(days=7)
    return {**slots, **span_slots(first - week, last - week)} if last - first < week else slots


def _each_once(found: list[Slots]) -> list[Slots]:
    """Return the readings without those that say the same."""
    return [slots for at, slots in enumerate(found) if slots not in found[:at]]


def _apart(made: Frame, scene: Scene, *, ahead: bool) -> list[Slots] | None:
    """Return the days of «4, 5 и 8 июня»: the first stretch, and those after it under `also` as ISO intervals."""
    if made.has_clock or made.period or made.count or len(made.days) < 2:
        return None
    found = stretches(made, scene, ahead=ahead)
    also = [f"{start}/{end}" for start, end in found[1:]]
    return [{**span_slots(*found[0]), "also": also}] if found else None


def _more_telling(kinds: list[str]) -> str | None:
    """Return the one kind that several words name: «отпуск за свой счёт» is unpaid."""
    named = set(kinds) - {"other"}
    for strong in ("unpaid", "sick"):
        if strong in named and named <= {strong, "vacation", "day_off"}:
            return strong
    return named.pop() if len(named) == 1 else None


def _is_hours(made: Frame) -> bool:
    """Whether the absence is for hours of a day: «завтра с 9 до 13»."""
    if isinstance(made.length, Length) and not made.clocks and made.since is None:
        return False
    ends = [value for value in (made.since, made.until, *(value for value, _ in made.clocks)) if value is not None]
    if not ends or any(made.clock(value) is None for value in ends):
        return False
    return bool(made.days or made.clocks or made.part) or any(_is_no_day(made, value) for value in ends)


def _is_no_day(made: Frame, value: TimeWord) -> bool:
    """Whether an end can only be a time of day."""
    time = made.clock(value)
    return made.day(value) is None or time is None or bool(time.minute)

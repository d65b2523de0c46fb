"""From what was heard to what is meant. Words that fit no reading together mean nothing to us."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding import leaves, reports, requests
from bot.understanding.bare import GONE, bare_time, begun_today, farewell_dropped, going_now
from bot.understanding.calendar_words import listed
from bot.understanding.colleagues import colleagues
from bot.understanding.company import BREAKS, without_company
from bot.understanding.day_lists import with_days
from bot.understanding.doubts import PEOPLE, calls_others, concerns_everybody, counts_people, is_plan, is_talk
from bot.understanding.everyday import everyday, may_ask, planned
from bot.understanding.frame import Frame, frame
from bot.understanding.leave_matters import leave_matters
from bot.understanding.lexicon import FAMILIES, PUNCHES, STRUCTURE, labels_of
from bot.understanding.model import Reading
from bot.understanding.others import MARKS_FOR, corrected, marked_for
from bot.understanding.people import person, without_address
from bot.understanding.persons import named_person, surname
from bot.understanding.phrases import Ago, Day, Length, Number, Pair
from bot.understanding.punches import punch, remote
from bot.understanding.single import single
from bot.understanding.whole_day import told_afterwards
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.phrases import TimeWord
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_SIMPLE: Final = frozenset({"help", "undo", "cancel", "confirm", "decline", "link"})
_ABOUT: Final = frozenset({"status", "presence", "approvals", "history"})
_OF_WHOLE_DAY: Final = frozenset({"was_out", "check_in", "check_out", "worked", "break_start", "break_told", "night"})
_TAKES_BACK: Final = word_class(stems="отмен откат верн cancel undo revert void")
_ENDS_NIGHT: Final = word_class("shift", stems="сменил")
_OF_DAYS: Final = labels_of({"leave", "report", "format", "topic"})
_PRESENT: Final = PUNCHES | {"worked", "check_in:remote"}
_FORGOT: Final = ("forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start")
_MARKS: Final = frozenset(
    {
        *STRUCTURE,
        *_FORGOT,
        "step_until",
        "marked",
        "no_break",
        "punch_word",
        "last_word",
        "where",
        "is",
        "step_out",
        "off",
    }
)
_TELLING: Final = {label: name for label, name in FAMILIES.items() if label not in _MARKS}
"""The labels that say what is meant, with their families."""
_NO_PUNCH: Final = frozenset(
    {"neg", "show", "where", "is", "marked", "punch_word", "last_word", "scope:team", "at_home", "with_kin"}
)
_POINTED: Final = frozenset({"target:check_in", "target:check_out"})
_DEPENDING: Final = _POINTED | {"worked", "history"}
_WAS: Final = frozenset({"был", "было", "была"})
_NOUNS: Final = frozenset({"приход", "уход", "начало", "конец", "старт"})
_FAREWELLS: Final = [
    farewell.split()
    for farewell in (
        *("пока", "пока пока", "чао", "бай", "покеда", "до связи", "до встречи", "до свидания", "спасибо пока"),
        *("bye", "bye bye", "goodbye", "ciao", "cya", "see you", "see ya", "thanks bye"),
    )
]
_COMES_BACK: Final = frozenset({"буду", "будем", "вернусь", "вернемся", "возвращаюсь", "приду", "back", "return"})
_BEFORE_KIN: Final = frozenset({"за", "к", "ко", "с", "со", "for", "with", "to"})
_BEGINS: Final = frozenset(
    listed(
        "online logged logging log started starting start working connected онлайн работаю начал начала начинаю "
        "подключился подключилась подключаюсь включился включилась включаюсь"
    )
)
_EVERY: Final = frozenset(listed("every each каждое каждый каждую утро вечер день morning evening"))
_CAME_TO: Final = frozenset({"вышло", "получилось", "набежало", "набралось", "накапало", "натикало", "came"})
_CAME_OUT: Final = frozenset({"вышел", "вышла"})
_DAY: Final = 24 * 60
_LONG: Final = 3 * 60
"""Minutes that are no break any more."""
_DEPENDENT: Final = frozenset(listed("с со with бы есть leave отпустите отпусти отпустить"))
"""Words that mean something else beside others."""
_WISHED: Final = frozenset({"отпроситься", "взять"})
"""Beside «бы» a wish: «отпроситься бы на час»."""
_OF_DAYS_LONG: Final = frozenset({"days", "weeks"})
_LONG_LEAVES: Final = (["days", "leave"], ["weeks", "leave"])
_LEADING: Final = frozenset({"filler", "fix"})
_SOONER: Final = frozenset({"пораньше", "раньше", "рано", "early", "earlier", "ранний"})
_NO_MORE: Final = frozenset({"больше", "anymore", "again"})
_REMINDED: Final = frozenset({"remind", "check_in", "check_out", "break_start"})
_LAST: Final = frozenset(listed("последнее последнюю последний последнего last"))
_EARNS: Final = frozenset(listed("работу выход смену дежурство отработку отработанное переработку"))
_EACH: Final = frozenset({"день", "сутки", "неделю", "day", "week"})
"""What so many hours may be of: «уже работаю 2 часа в день»."""
_YET_OR_BEEN: Final = frozenset({"уже", "already", "been"})
_YET: Final = frozenset({"yet", "already", "еще", "уже"})
_UNSURE: Final = frozenset({"вроде", "кажется"})


def decide(heard: Heard, scene: Scene) -> Readings:
    """Return the readings of a text, the likeliest first; none when it is not for us; `heard` stays as it is."""
    if heard.too_strange or not heard.tokens:
        return ()
    kept = heard.unknown, heard.labels, heard.named
    found = _readings(heard, scene)
    if heard.reason:
        found = _with_reason(heard, found)
    heard.unknown, heard.labels, heard.named = kept
    return found


def _readings(heard: Heard, scene: Scene) -> Readings:
    if not heard.words.isdisjoint(_DEPENDENT):
        alone = None if heard.named.isdisjoint(BREAKS) else without_company(heard)
        if alone is not None:
            return _readings(alone, scene)
        _settle_words(heard)
    if heard.unknown:
        without_address(heard)
    reports.name_team(heard)
    times = heard.times
    if len(times) > 1 and _is_about_days(heard):
        times = with_days(times, heard.tokens)
    if "leave:day_off" in heard.named and (earned := _earned_by(heard)):  # «отгул 4 декабря за работу в субботу»
        times = [(said, at) for said, at in times if at < earned]
        heard.unknown = [at for at in heard.unknown if at < earned]
        heard.relabel([(label, at) for label, at in heard.labels if at < earned])
    if "leave:day_off" in heard.named:  # «отгул за субботу» says what it was earned by, not when it is
        times = [(said, at) for said, at in times if heard.row[at] != "за" or not isinstance(said.value, Day)]
    if len(times) > 1 and "modal" in heard.named and (cut := _days_of_reason(heard)):
        times = [(said, at) for said, at in times if not cut[0] <= at < cut[1]]
    made = frame(times, month_first=scene.month_first)
    found = _decide(heard, made, scene)
    if found and not heard.words.isdisjoint(_UNSURE):
        found = tuple(replace(one, is_doubtful=one.intent in _PRESENT) for one in found)
    return found


def _settle_words(heard: Heard) -> None:
    """Settle what words mean that mean something else beside others."""
    words = heard.words
    if "бы" in words and not words.isdisjoint(_WISHED):
        heard.relabel([("modal" if heard.row[at] == "бы" else label, at) for label, at in heard.labels])
    if "early" in heard.named:
        _settle_hours_off(heard)
    if "leave" in words and not words.isdisjoint(_OF_DAYS_LONG):
        labels = [
            ("leave:vacation" if heard.row[at - 1 : at + 1] in _LONG_LEAVES else label, at)
            for label, at in heard.labels
        ]
        heard.relabel(labels)  # "10 days leave from 7 December"
    if "есть" in words:
        _take_existence(heard)


def _settle_hours_off(heard: Heard) -> None:
    """Take «отпустите завтра на 2 часа» for so many hours off, not for going early."""
    if not any(isinstance(said.value, Length) for said, _ in heard.times):
        return
    if heard.words.isdisjoint(_SOONER):
        heard.relabel([("leave:day_off" if label == "early" else label, at) for label, at in heard.labels])


def _take_existence(heard: Heard) -> None:
    """Take the «есть» at the end of a question for «бывает»: «переработка за месяц есть?», «Борис сегодня есть?»."""
    last = len(heard.row) - 1 - (heard.row[-1] == "?")
    if heard.question and heard.unknown and heard.unknown[-1] == last and heard.row[last] == "есть":
        heard.unknown = heard.unknown[:-1]
        heard.relabel([*heard.labels, ("appears", last)])


def _days_of_reason(heard: Heard) -> tuple[int, int] | None:
    """Return the places of what is told before a wish with its own days: «в пятницу свадьба, можно отгул в среду».

    Only those days are wished for that stand beside the wish.
    """
    first = next((at for label, at in heard.labels if label == "modal"), 0)
    cut = next((at for at in range(first, 0, -1) if heard.tokens[at].after_comma), 0)
    if not cut or any(heard.tokens[at].after_comma for at in range(cut + 1, len(heard.tokens))):
        return None
    days = [at for said, at in heard.times if isinstance(said.value, Day)]
    told = [at for at in heard.unknown if at < cut]
    wished = [
        at for label, at in heard.labels if at >= cut and (label == "off" or label.startswith(("leave:", "part:")))
    ]
    has_both = any(at < cut for at in days) and any(at >= cut for at in days)
    named = any(at < cut for label, at in heard.labels if label == "off" or label.startswith("leave:"))
    return (0, cut) if told and wished and has_both and not named else None


def _earned_by(heard: Heard) -> int:
    """Return the place from which on it is told what a day off is for; 0 where it is not told."""
    row = heard.row
    for at in range(1, len(row) - 1):
        if (row[at] == "за" and row[at + 1] in _EARNS) or (row[at : at + 3] == ["in", "lieu", "of"]):
            return at
        if row[at] == "for" and row[at + 1] in {"working", "work"}:
            return at
    return 0


def _with_reason(heard: Heard, found: Readings) -> Readings:
    """Return the readings with the reason that was given, where they take one."""
    return tuple(
        replace(one, slots={**one.slots, "reason": heard.reason}) if _takes_reason(one.intent) else one for one in found
    )


def _is_about_days(heard: Heard) -> bool:
    """Whether the words are of absences or reports, where a number beside a date is a day sooner than an hour."""
    return not heard.named.isdisjoint(_OF_DAYS)


def _takes_reason(intent: str) -> bool:
    """Whether the intent has a slot for the reason."""
    return intent in PUNCHES or intent == "leave"


def _decide(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings by the labels that were heard."""
    _settle_labels(heard, made)
    families = _families(heard)
    if (not families or "undo" in families) and made.has_clock:
        _settle_families(heard, made, families)
    others = leave_matters(heard, made, scene)
    if others is None:
        others = colleagues(heard, made, families, scene)
    if others is not None:
        return others
    if heard.row[0] in MARKS_FOR and (wished := marked_for(heard, made, scene)) is not None:
        return wished
    if heard.says & PEOPLE and counts_people(heard):
        return ()
    if not heard.words.isdisjoint(GONE) and (going := going_now(heard, made, scene)) is not None:
        return going
    is_cond = "cond" in heard.named
    if is_cond and not may_ask(heard):
        return ()
    if not heard.unknown and heard.times and families <= _OF_WHOLE_DAY and not is_cond:
        whole = told_afterwards(heard, made, scene)
        if whole is not None:
            return whole
    if made.clocks and heard.says & _ENDS_NIGHT:
        made.clocks = [(_of_24(made, value), at) for value, at in made.clocks]  # «сменился в 6:50» ends a night
    told = everyday(heard, made, families, scene) if "remind" not in families else None
    if not told and not is_cond:
        told = leaves.errand(heard, made, families, scene) or told
    if told is not None or is_cond:
        return told or ()
    place = requests.located(heard) if families <= {"check_in", "zone", "break_end"} else None
    if place is not None:
        return place
    if "zone" in families:
        return requests.zone(heard) if families == {"zone"} else ()
    if "remind" in families:
        return _reminders(heard, made, scene) if families <= _REMINDED else ()
    if "language" in families and not heard.unknown:
        return _language(heard) if families == {"language"} and made.is_empty else ()
    if "remove" in families:
        known = {"remove", "target", "wrong", "undo", *PUNCHES}
        if "leave:gone" in heard.named:
            families -= {"leave"}  # «меня вчера не было, сотри приход»
        return requests.remove(heard, made, scene) if families <= known else ()
    if "off" in heard.named and not families and made.clocks and not heard.unknown:
        made.take_dates(keep=0)  # "off on 30/11"
    if "off" in heard.named and not families and not heard.unknown and _is_days(made):
        return leaves.absence(heard, ["day_off"], made, scene) if not heard.has("neg", "future", *_FORGOT) else ()
    if families & {"undo", "cancel"} and len(families) == 2 and families & PUNCHES:
        return requests.remove(heard, made, scene) if heard.says & _TAKES_BACK else ()  # not «неважно, ушёл»
    if "kin" in families and (families <= {"kin", "break_start"} or (families == {"kin", "check_out"} and made.length)):
        return _for_kin(heard, made, families, scene)
    if "off" in heard.named and heard.unknown and not families and (given := leaves.given_off(heard, made, scene)):
        return given
    if {"check_in:remote", "kin"} <= heard.named and heard.has("leave:sick") and not heard.unknown:
        return remote(made, scene, must_have_time=False)  # "kid is sick, wfh today"
    if {"leave", "they"} & families or (families and families <= {"part", "kin"}):
        return leaves.leave(heard, made, families, scene)
    if "how_long" in heard.named:
        if "future" in heard.named:
            return ()  # "how much will I get"
        heard.unknown = [at for at in heard.unknown if heard.row[at] not in _CAME_TO]
        return reports.how_long(heard, made, families, scene)
    if _is_report(heard, made, families):
        return reports.asked(heard, made, families, scene)
    marks = lambda: told_afterwards(heard, made, scene) or _plain(heard, made, set(families), scene)  # noqa: E731
    corrections = leaves.of_another(heard, made, families, scene) or corrected(heard, made, families, marks)
    if corrections is not None:
        return corrections
    people = _people(heard, made, families, scene)
    if people is not None:
        return people
    if heard.unknown and families - _ABOUT:
        return ()
    return _plain(heard, made, families, scene)


def _families(heard: Heard) -> set[str]:
    """Return what the labels say, but for those that only lead in: «да, ушёл в 18:30», «стоп, отмени это»."""
    families = {_TELLING[label] for label in heard.named if label in _TELLING}
    if len(families) < 2 and "off" not in heard.named:
        if "scope" in families and "scope:team" not in heard.named:
            families.clear()
        return set() if "remind" in families and "how_long" in heard.named else families
    if "scope:team" not in heard.named:
        families.discard("scope")
    if (len(families) > 1 or "off" in heard.named) and heard.labels[0][0] == "confirm":
        families.discard("confirm")  # «да, ушёл в 18:30», "right, I'm off"
    if families == {"decline", "undo"} and heard.has("undo") and not heard.words.isdisjoint(_LAST):
        families.discard("decline")  # «не то, отмени последнее»
    if len(families) > 1 and heard.row[0] == "no" and heard.unknown[:1] == [1]:
        families.discard("decline")  # "no taxi, late by 10 minutes"
    if "remind" in families and "how_long" in heard.named:
        families.discard("remind")  # «напомни, сколько я отработал»
    if len(families) > 1 and heard.row[0] == "oops":
        families.discard("undo")
    if len(families) > 1 and heard.row[0] in {"стоп", "stop"} and heard.tokens[1].after_comma:
        _forget(heard, 0)  # «стоп, отмени это» ends nothing
        families.discard("check_out")
    return families


def _reminders(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return what is to be done about one's own reminders."""
    if concerns_everybody(heard):
        return ()
    if not made.has_clock:
        heard.unknown = [at for at in heard.unknown if heard.row[at] not in _EVERY | _NO_MORE]
        made.part = ""  # «напоминай отмечаться утром»
    return requests.remind(heard, made, scene)


def _settle_families(heard: Heard, made: Frame, families: set[str]) -> None:
    """Settle what words mean beside a time of day."""
    if "undo" in families and families & PUNCHES and _begins_with_mistake(heard):
        families.discard("undo")  # «ошиблась, уход вчера был в 17» tells the right time
    if not families and "is" in heard.named and made.since is not None and made.until is not None:
        families |= _took_hours(heard)


def _begins_with_mistake(heard: Heard) -> bool:
    """Whether the text begins by owning to a mistake: it takes nothing back by itself."""
    at = next(at for label, at in heard.labels if label == "undo")
    is_first = all(label in {"me", "filler"} for label, place in heard.labels if place < at)
    return is_first and not heard.classes[at] & _TAKES_BACK


def _took_hours(heard: Heard) -> set[str]:
    """Take "I did 10am to 7pm" for a presence."""
    labels = [
        ("worked" if label == "is" and heard.row[at - 1 : at + 1] == ["i", "did"] else label, at)
        for label, at in heard.labels
    ]
    heard.relabel(labels)
    return {"worked"} if "worked" in heard.named else set()


def _settle_labels(heard: Heard, made: Frame) -> None:
    """Give labels that depend on the words beside them their own: «приход был в 8:45» tells of no presence."""
    if heard.named.isdisjoint(_DEPENDING) or not made.has_clock:
        return
    words = heard.row
    is_fix = "fix" in heard.named or words[0] == "correct"
    settled = []
    for label, at in heard.labels:
        if label == "worked" and words[at] in _WAS and any(word in _NOUNS for word in words[:at]):
            continue
        if label == "history" and words[at] == "log" and len(heard.labels) > 1:
            settled.append(("fix", at))  # "log lunch 13:00-13:30"
        elif is_fix and label in _POINTED:
            settled.append((label.removeprefix("target:"), at))
        else:
            settled.append((label, at))
    heard.relabel(settled)


def _is_report(heard: Heard, made: Frame, families: set[str]) -> bool:
    """Whether the words ask for a report: by its own word, by what is to stand out, or by a team and its days."""
    if "weekly" in heard.words and heard.row[0] not in {"weekly", "my", "show"}:
        return False  # "send me the weekly summary" subscribes to it
    if families & {"report", "format", "topic"}:
        is_correction = "fix" in heard.named and bool(heard.unknown) and made.has_clock  # "fix Boris's hours …"
        return "history" not in families and not is_correction
    if families == {"today"} and heard.times:
        return True
    if families in ({"who"}, {"presence"}) and "late~" in heard.named:
        return True  # «кто вчера опоздал», «кто сегодня опоздал»
    if not families and heard.times and heard.unknown:
        return heard.raw(heard.unknown[-1], heard.unknown[-1]).endswith("'s")  # "Anna's week"
    return reports.is_about_team(heard, made, families)


def _plain(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings:
    """Return the readings of punches, of questions without a name, and of a bare time."""
    if families == {"today"}:
        return reports.today(heard, made, scene)
    if families == {"status"} and made.days and not made.has_clock and made.days[0].offset != 0:
        return reports.report(heard, made, scene)
    if len(families) == 1 and families <= _ABOUT:
        return requests.about(next(iter(families)), heard, made, scene)
    if families in ({"status", "check_in"}, {"status", "worked"}):
        return requests.about("status", heard, made, scene)
    if families == {"history", "report"} and made.is_empty:
        return requests.about("history", heard, made, scene)
    if heard.unknown:
        return ()
    if len(families) == 1 and families <= _SIMPLE:
        intent = next(iter(families))
        return (Reading(intent),) if made.is_empty and not heard.has("neg", "future", "bound", *_FORGOT) else ()
    if "target" in families and "fix" in heard.named and "target:worked" in heard.named:
        families.discard("target")  # «добавь смену вчера с 9 до 18»
    if families == {"scope"}:
        return reports.team(heard, made)
    if families <= {"check_in", "break_start", "break_end", "check_out", "worked", "scope"}:
        return _punches(heard, made, scene)
    return ()


def _for_kin(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings:
    """Return the break of «отойду на 20 минут за ребёнком»: kin after a preposition, at the end, are its reason."""
    kin = [at for label, at in heard.labels if label == "kin"]
    first = kin[0] - 1
    others = [at for label, at in (*heard.labels, *heard.times) if at < first]
    if len(kin) > 1 or heard.unknown or not others or heard.row[first] not in _BEFORE_KIN or made.length is None:
        return leaves.leave(heard, made, families, scene) if families == {"kin"} else ()
    if len(others) + len(kin) + (("filler", first) in heard.labels) < len(heard.labels) + len(heard.times):
        return ()  # more is said after it
    heard.relabel([(label, at) for label, at in heard.labels if at < first])
    found = _plain(heard, made, families - {"kin"}, scene)
    if any("duration_seconds" not in one.slots for one in found):
        return ()
    reason = heard.raw(first, len(heard.tokens) - 1).strip(" .,!?")
    return tuple(replace(one, slots={**one.slots, "reason": reason}) for one in found)


def _punches(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings of punches: none where they are denied, wished for, or asked about."""
    intents = [label for label, _ in heard.labels if label in _PRESENT or label in {"step_out", "off"}]
    if set(intents) == {"check_in", "check_in:remote"}:
        intents = ["check_in:remote"]  # "I'm in, WFH"
    intents = _from_home(heard, intents)
    if intents == ["check_in:remote"] and "modal" in heard.named and made.days and not heard.has("neg", "ask_self"):
        return remote(made, scene, must_have_time=True)  # "can I work from home tomorrow?"
    if heard.question or heard.has("ask", "ask_self"):
        own = heard.has("me", "ask", "ask_self")
        known = intents or heard.has("marked", *_FORGOT)
        return (Reading("status"),) if own and known and not heard.has("modal", "show", "scope:team", "future") else ()
    if "show" in heard.named and not intents and not heard.has("neg", "modal", "me", "marked", "scope:team"):
        return bare_time(heard, made, scene)
    if not heard.named.isdisjoint(_NO_PUNCH):
        return ()
    if is_talk(heard, made, intents) or is_plan(heard, made, intents):
        return ()
    plan = planned(heard, made, intents, scene)
    if plan is not None:
        return plan
    if intents == ["check_out"] and (out := _out_today(heard, made, scene)):
        return out
    if intents == ["check_in"] and (soon := _in_so_long(heard, made, scene)):
        return soon
    if intents == ["check_out"] and _is_absence(heard, made):
        return leaves.absence(heard, ["other"], made, scene)
    if intents == ["check_in:remote"] and _names_days(made) and not heard.has(*_FORGOT, "fix"):
        return remote(made, scene, must_have_time=heard.has("future", "modal"))
    if "modal" in heard.named:
        return ()
    if "future" in heard.named and not heard.has("step_until", "break_start", "step_out"):
        return ()
    if "future" in heard.named and intents == ["break_start"] and len(made.clocks) == 1 and made.since is None:
        if heard.words.isdisjoint(_COMES_BACK):
            return ()  # «на обед пойду в 15» is a plan
        made.until, made.clocks = made.clocks[0][0], []  # «на обед, буду в 15»
    if "forgot" in heard.named:  # «забыл вчера отметиться, что ушёл»
        spare = [label for label, at in heard.labels if heard.row[at] == "отметиться"]
        intents = intents if intents == spare else [kind for kind in intents if kind not in spare]
    if not intents and "step_until" not in heard.named:
        return _without_verb(heard, made, scene)
    for kind in ("check_in", "check_out", "break_start"):
        if heard.has(f"forgot:{kind}") and kind not in intents and len(intents) == 1 and intents != ["worked"]:
            return ()
    if "off" in intents:
        if len(intents) > 1:
            return ()
        intents = ["check_out"]
    must_have_time = heard.has(*_FORGOT, "fix")
    if "step_until" in heard.named:
        if len(made.clocks) != 1 or intents not in ([], ["break_start"]):
            return ()
        made.until, made.clocks = made.clocks[0][0], []
        intents = ["break_start"]
    if "fix" in heard.named and intents != ["break_start"]:
        _take_new_time(made)
    intents = _of_work(heard, made, intents)
    if "check_in:remote" in intents:
        return remote(made, scene, must_have_time=must_have_time) if len(intents) == 1 else ()
    if "step_out" in intents:
        if not heard.words.isdisjoint({"from", "с"}) and "break_start" in intents:
            return ()  # "I'll be back from lunch in 10 minutes"
        if "break_start" in intents and len(made.clocks) == 1 and made.since is None and made.until is None:
            if heard.words.isdisjoint(_COMES_BACK):
                return ()  # «на перекур выйду в 16» is a plan
            made.until, made.clocks = made.clocks[0][0], []  # «ушла на обед, вернусь в два»
        intents = ["break_start"] if "break_start" in intents else intents
        if made.is_empty or (made.since is not None) or set(intents) - {"break_start", "step_out"}:
            return ()
    found = punch(heard, farewell_dropped(heard, made), intents, scene, must_have_time=must_have_time)
    if calls_others(heard, intents) or "пора" in heard.words:
        return tuple(replace(one, is_doubtful=True) for one in found)
    return found


def _of_work(heard: Heard, made: Frame, intents: list[str]) -> list[str]:
    """Return the marks with a presence put in its place; where one worked is told by its own word."""
    if intents == ["step_out"] and _is_turn_of_work(heard, made):
        return ["worked"]
    return [kind for kind in intents if kind != "check_in:remote"] if "worked" in intents else intents


def _take_new_time(made: Frame) -> None:
    """Take the only end of "change check-in to 9:15" for the time itself."""
    if made.until is not None and made.since is None and not made.clocks:
        made.clocks, made.until = [(made.until, 0)], None


def _is_turn_of_work(heard: Heard, made: Frame) -> bool:
    """Whether «позавчера вышла с 12 до 16» tells of work: so long on a day gone by nobody steps out."""
    start, end = made.clock(made.since), made.clock(made.until)
    if start is None or end is None or not made.days or heard.words.isdisjoint(_CAME_OUT):
        return False
    out = next(at for label, at in heard.labels if label == "step_out")
    if out + 1 < len(heard.row) and all(place != out + 1 for _, place in heard.times):
        return False  # «вчера вышла в магазин с 12 до 16»
    return (end.minutes - start.minutes) % _DAY >= _LONG


def _from_home(heard: Heard, intents: list[str]) -> list[str]:
    """Return the marks, remote where the work is begun at home: "logged on from home"."""
    if intents != ["check_in"] or "at_home" not in heard.named or heard.words.isdisjoint(_BEGINS):
        return intents
    heard.relabel([(label, at) for label, at in heard.labels if label != "at_home"])
    return ["check_in:remote"]


def _of_24(made: Frame, value: TimeWord) -> TimeWord:
    """Return a time of day as the clock of 24 hours has it."""
    time = made.clock(value)
    return value if time is None or isinstance(value, Pair) else replace(time, exact=True)


def _is_absence(heard: Heard, made: Frame) -> bool:
    """Whether "out" is said of days: "out tomorrow", "out on Monday"; «ушёл в понедельник» is not."""
    if made.has_clock or not heard.is_english or not _is_days(made):
        return False
    if heard.words.isdisjoint({"out", "away"}):
        return False
    if made.period is not None:
        return (made.period.turn or 0) >= 0
    return all((day.offset or 0) >= 0 and (day.turn or 0) >= 0 for day in made.days) and not (
        len(made.days) == 1 and made.days[0].offset == 0
    )


def _forget(heard: Heard, place: int) -> None:
    """Take the word at this place for nothing but a call."""
    heard.relabel([(label, at) for label, at in heard.labels if at != place])


def _out_today(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings of "out today", "out all day": away for the day, or only leaving now."""
    words = heard.words
    if "out" not in words or made.has_clock or any(day.offset != 0 for day in made.days):
        return ()
    day = {"from_day": scene.today, "to_day": scene.today}
    away = Reading("leave", {"kind": "other", **day})
    if "all_day" in heard.named:
        return (away,)
    return (away, Reading("check_out")) if made.days and "im" not in words else ()


def _in_so_long(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return the readings of "in 10": in ten minutes, or in at ten; «уже работаю минут 15» is so long ago."""
    is_so_far = not heard.words.isdisjoint(_YET_OR_BEEN) and heard.words.isdisjoint(_EACH)
    if made.length is not None and is_so_far:
        made.ago, made.length = Ago(made.length.seconds), None
    if len(made.clocks) != 1 or made.at_number or made.days or made.ago or made.since or made.until:
        return ()
    value, place = made.clocks[0]
    is_bare = isinstance(value, Number) and not value.padded and place and heard.row[place - 1] == "in"
    if not is_bare or heard.has("me", "fix", *_FORGOT):
        return ()
    found = single("check_in", made, scene, must_have_time=True)
    return (Reading("late", {"minutes": value.value}), *found) if isinstance(value, Number) and found else ()


def _is_today(made: Frame) -> bool:
    """Whether today was said, and nothing else about time."""
    return len(made.days) == 1 and made.days[0].offset == 0 and not (made.has_clock or made.count or made.length)


def _names_days(made: Frame) -> bool:
    """Whether days were named, or the last of them: «на удалёнке до пятницы»."""
    return bool(made.days) or (isinstance(made.until, Day) and made.since is None)


def _is_days(made: Frame) -> bool:
    """Whether days were said and no hours."""
    return bool(made.days or made.period or made.since) and not made.clocks


def _without_verb(heard: Heard, made: Frame, scene: Scene) -> Readings:
    """Return what is meant without a punch's own word: a farewell, a forgotten punch, a bare period."""
    if "check_out~" in heard.named:
        made = farewell_dropped(heard, made)
        alone = [token.text for token in heard.tokens if token.kind == "word"]
        doubtful = alone in _FAREWELLS  # «спасибо, пока» is said at any hour
        return (Reading("check_out", is_doubtful=doubtful),) if made.is_empty and "forgot" not in heard.named else ()
    implied = [kind.partition(":")[2] for kind in _FORGOT if ":" in kind and heard.has(kind)]
    if implied:
        return punch(heard, made, implied, scene, must_have_time=True) if len(implied) == 1 else ()
    if heard.named <= {"me", "filler"} and (begun := begun_today(heard, made, scene)):
        return begun
    if heard.has("forgot", "future", "off", "step_out", "me"):
        return ()
    return bare_time(heard, made, scene)


def _language(heard: Heard) -> Readings:
    """Return the wish for a language, with its code where one was named."""
    named = {label.partition(":")[2] for label, _ in heard.labels if label.startswith("language:")}
    if heard.has("neg", "worked") or len(named) > 1:
        return ()
    return (Reading("language", {"value": named.pop()} if named else {}),)


def _starts_with_is(heard: Heard) -> bool:
    """Whether the text asks by its order of words: "is Anna in", not "Anna is in"."""
    first = next(place for label, place in heard.labels if label != "filler")
    return heard.row[first] in {"is", "has", "did"} and (not heard.unknown or first < heard.unknown[0])


def _is_around(heard: Heard) -> bool:
    """Whether it is asked "is Boris around": that is all that is said behind the name."""
    last = len(heard.row) - 1 - (heard.row[-1] == "?")
    return bool(heard.unknown) and heard.unknown[-1] == last - 1 and heard.row[last] in {"around", "there", "about"}


def _names_one(heard: Heard) -> bool:
    """Whether the words that are none of ours are a name for certain, or may be one for whoever can look it up."""
    unknown = heard.unknown
    if not unknown or heard.any_name or heard.raw(unknown[0], unknown[0])[0].isupper():
        return True
    return named_person(heard) is not None or surname(heard, unknown) is not None


def _people(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the question about a colleague; None when it is none."""
    if heard.question and heard.unknown:
        heard.unknown = [at for at in heard.unknown if heard.row[at] not in _YET]  # "has Dave left yet?"
    if heard.has("where", "is"):
        if families - {"check_in", "check_out", "break_start", "break_end", "leave", "worked"} or heard.has(
            "neg", "me"
        ):
            return ()
        name = person(heard) if _names_one(heard) else None  # «где кнопка обед» asks for nobody
        if "is" in heard.named and not (families or heard.has("off", "appears") or _is_around(heard)):
            return ()
        if "is" in heard.named and not heard.question and not _starts_with_is(heard):
            return ()
        return requests.about("presence", heard, made, scene, pointed=False) if name else ()
    asked = heard.question or "ask" in heard.named
    state = families & {"check_in", "check_out", "break_start", "break_end", "worked"} or "appears" in heard.named
    if asked and heard.unknown and state and len(families) <= 1 and not heard.has("me", "ask_self", "modal"):
        first = heard.unknown[0]
        named = (
            _names_one(heard)
            and person(heard) is not None
            and ("ли" in heard.row[:first] or all(label in _LEADING for label, at in heard.labels if at < first))
        )
        return requests.about("presence", heard, made, scene, pointed=False) if named else ()
    return None

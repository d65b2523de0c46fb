"""The words of leaves and requests that exist already, and what of them a sentence says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.days import dates
from bot.understanding.phrases import Day, Number
from bot.understanding.word_classes import any_of, word_class

if TYPE_CHECKING:
    from bot.understanding.absence import Slots
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

_KINDS: Final = {
    "vacation": word_class(
        "pto", stems="отпуск -отпускай -отпускат -отпускаю -отпускае -отпускал -отпустите vacation holiday"
    ),
    "day_off": word_class(stems="отгул -отгуля"),
    "sick": word_class("болеет болеют", stems="больничн болезн заболе sick"),
    "remote": word_class("wfh", stems="удаленк удаленно remote"),
    "business_trip": word_class("trip trips", stems="командировк"),
    "unpaid": word_class(stems="unpaid неоплачива"),
}
_ANY: Final = word_class("leaves absence absences off", stems="отсутств")
_OF_RUNS: Final = word_class("свой leave")
_RUNS: Final = {
    "unpaid": (("за", "свой", "счет"),),
    "day_off": (("day", "off"), ("days", "off")),
    "leave": (
        *(
            ("time", "off"),
            ("leave", "balance"),
            ("leave", "left"),
            ("leave", "days"),
            ("of", "leave"),
            ("days", "leave"),
            ("what", "leave"),
        ),
        *((before, "leave") for before in ("my", "any", "annual", "on", "paid", "upcoming")),
    ),
}
MINE: Final = word_class("мой моя мое мои моего моей моих моим моими мою меня мне я my i im ive mine me")
REQUESTS: Final = word_class("request requests application applications", stems="заявк заявок заявлен запрос")
_OF_KINDS: Final = sum(_KINDS.values())
NAMED: Final = _ANY | _OF_RUNS | _OF_KINDS
"""Without one of these no kind of leave is named."""


@dataclass(slots=True)
class Matter:
    """A sentence as it is looked at for what is said about leaves and requests."""

    heard: Heard
    made: Frame
    scene: Scene
    words: list[str]
    says: int
    kind: str | None
    """The kind of absence that is named; `leave` for any, None where none is."""

    def near(self, wanted: int, *, first: int = 0, after: int | None = None) -> bool:
        """Whether a word of this class is among those between two places; of the whole where no place is said."""
        if not self.says & wanted:
            return False
        return any_of(self.heard.classes[first:after], wanted)

    def has_run(self, *runs: tuple[str, ...]) -> bool:
        """Whether one of these rows of words is there."""
        return has_run(self.words, *runs)

    @property
    def of_kind(self) -> Slots:
        """Return the slot of a kind that was named; none for any."""
        return {} if self.kind in {None, "leave"} else {"kind": self.kind}

    @property
    def days(self) -> list[Slots] | None:
        """Return the days that were said; None where they make no sense."""
        return None if self.made.is_empty or self.made.clocks else day_slots(self.made, self.scene, ahead=True)

    @property
    def first_days(self) -> Slots:
        """Return the days that were said, as slots; none where none were."""
        return (self.days or [{}])[0]

    @property
    def first_day(self) -> object | None:
        """Return the first day that was said."""
        made = self.made
        said = made.day(made.since) if made.since is not None else (made.days[0] if made.days else made.day(made.until))
        if isinstance(made.since, Number) and isinstance(made.until, Day):
            said = Day(day=made.since.value, month=made.until.month, year=made.until.year)
        found = dates(said, self.scene.today, ahead=True) if said is not None else ()
        return found[0] if found else None


def matter(heard: Heard, made: Frame, scene: Scene) -> Matter:
    """Return a sentence with the kind of leave that it names."""
    words = heard.row
    return Matter(heard, made, scene, words, heard.says, kind_of(words, heard.says))


def kind_of(words: list[str], says: int) -> str | None:
    """Return the kind of absence that these words name; `leave` for any, None where they name none."""
    if not says & NAMED:
        return None
    for kind, named in _KINDS.items():
        if says & named:
            return kind
    if says & (_OF_RUNS | _ANY):
        for kind, runs in _RUNS.items():
            if has_run(words, *runs):
                return kind
    return "leave" if says & _ANY else None


def has_run(words: list[str], *runs: tuple[str, ...]) -> bool:
    """Whether one of these rows of words is among the words."""
    for run in runs:
        if run[0] in words:  # most texts have none of these
            starts = range(words.index(run[0]), len(words))
            if any(tuple(words[at : at + len(run)]) == run for at in starts):
                return True
    return False


def is_of_kind(classes: int) -> bool:
    """Whether a word of these classes names a kind of absence by itself."""
    return bool(classes & _OF_KINDS)


def names(classes: int, kind: str) -> bool:
    """Whether a word of these classes names this kind."""
    return bool(classes & _KINDS[kind])

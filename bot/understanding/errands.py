"""Why somebody is away, in their own words: «к стоматологу», "moving house", «сын заболел»."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard

_ERRANDS: Final = word_class(
    "суд суда суде суду узи мрт кт мфц загс загсе врачу прием приеме приема сессия сессии банк банке школу "
    "школе прививка gp mri xray bank visa school",
    stems="врач доктор стоматолог зубн дантист терапевт окулист хирург невролог гинеколог ортодонт педиатр психолог "
    "психотерап ветеринар ветклиник поликлиник больниц клиник медосмотр медкомис диспансериз анализ рентген "
    "флюорограф прививк вакцинац нотариус налогов паспортн посольств консульств визов свадьб похорон крестин "
    "поминк утренник линейк садик экзамен переезд переезжа сантехник шиномонтаж техосмотр автосервис адвокат "
    "юрист военкомат донор донац родительск аэропорт вокзал госпитал операци процедур обследован doctor "
    "dentist appointment vet hospital clinic court wedding funeral checkup surgery embassy notary exam "
    "kindergarten daycare moving mover plumber passport physio therapist optician vaccin jury airport "
    "dermatolog gynecolog pediatric orthodont graduation parent",
)
"""What keeps people from work."""
_TO: Final = frozenset({"к", "ко"})
_BEFORE: Final = frozenset(listed("к ко в во на у по за с со to at the a for with to_the my an"))
_LONGEST: Final = 6


def is_errand(heard: Heard) -> bool:
    """Whether the words that are none of ours name what keeps people from work."""
    return bool(heard.says & _ERRANDS) and any(heard.classes[place] & _ERRANDS for place in heard.unknown)


def goes_to_somebody(heard: Heard) -> bool:
    """Whether the words that are none of ours follow «к»: «к стоматологу», «к нотариусу»."""
    return any(place and heard.row[place - 1] in _TO for place in heard.unknown)


def reason_of(heard: Heard, *labels: str) -> str:
    """Return the words that give the reason as they were written: those that are none of ours, or of these labels."""
    ends = _pieces(heard)
    told = sorted({*heard.unknown, *(at for label, at in heard.labels if label in labels)})
    spare = {at: ends[at] for label, at in heard.labels if label in {"filler", "is"}}
    runs: list[list[int]] = []
    for place in told:
        if runs and place == spare.get(runs[-1][1], runs[-1][1]):
            runs[-1][1] = ends[place]
        else:
            runs.append([place, ends[place]])
    if not runs:
        return ""
    first, after = max(runs, key=lambda run: run[1] - run[0])
    taken = {at for _, at in heard.times}
    while first and heard.row[first - 1] in _BEFORE and first - 1 not in taken:
        first -= 1
    return heard.raw(first, after - 1).strip(" .,!?-")


def _pieces(heard: Heard) -> dict[int, int]:
    """Return where each piece of the text ends, by its place."""
    starts = sorted({*heard.unknown, *(at for _, at in (*heard.labels, *heard.times)), len(heard.tokens)})
    ends = dict(itertools.pairwise(starts))
    for place in heard.unknown:
        ends[place] = place + 1
    return ends


def is_too_long(heard: Heard) -> bool:
    """Whether there are more foreign words than a reason takes."""
    return len(heard.unknown) > _LONGEST

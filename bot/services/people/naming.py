"""Who is meant by a name: written in full, in another case or alphabet, with an initial, or by its beginning."""

from collections.abc import Callable, Sequence

from bot.domain.people.employee import Employee
from bot.understanding.names import is_form, words_of
from bot.understanding.romanised import sounds_like
from bot.understanding.spelling import distance

Fits = Callable[[str, str], bool]
_MOST_NEAR = 3
_LONG = 7


def named(people: Sequence[Employee], said: str) -> list[Employee]:
    """Return the people whom the words name, by the strictest rule that names anybody.

    «Иванова» is Anna Ivanova or the genitive of Pyotr Ivanov: both are found, and the person is asked.
    """
    wanted = words_of(said)
    found = [person for person in people if words_of(person.name) == wanted]
    for fits in (_is_named, sounds_like, _begins):
        found = found or [person for person in people if wanted and _means(wanted, words_of(person.name), fits)]
    return found


def near(people: Sequence[Employee], said: str) -> list[str]:
    """Return the names that are a letter or two away from what was said: a typo, which is never taken for a name."""
    wanted = words_of(said)
    return [person.name for person in people if wanted and _means(wanted, words_of(person.name), _is_near)][:_MOST_NEAR]


def _means(wanted: list[str], name: list[str], fits: Fits) -> bool:
    """Whether each word names a word of its own."""
    if not wanted:
        return True
    first, *rest = wanted
    return any(fits(first, word) and _means(rest, name[:at] + name[at + 1 :], fits) for at, word in enumerate(name))


def _is_named(said: str, word: str) -> bool:
    """Whether a word is a form of the other, its initial, or its sound in another alphabet."""
    if len(said) == 1:
        return word.startswith(said)
    return is_form(said, word) or (said.isascii() != word.isascii() and sounds_like(said, word))


def _begins(said: str, word: str) -> bool:
    return word.startswith(said)


def _is_near(said: str, word: str) -> bool:
    limit = 2 if len(word) >= _LONG else 1
    return len(word) > limit + 1 and distance(said, word, limit) <= limit

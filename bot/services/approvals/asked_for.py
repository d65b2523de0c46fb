"""What somebody asks for in words: which of the templates it is, and which fields of its form were said with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from bot.domain.approvals.filling import is_share
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.understanding.names import is_form, words_of
from bot.understanding.romanised import sounds_like
from bot.understanding.spelling import distance

_SHORTEST_BEGINNING: Final = 3
_LONG: Final = 7
_SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "deal": ("сделка", "deal"),
    "lead": ("лид", "lead"),
    "task": ("задача", "task"),
    "expense": ("расход", "трата", "expense"),
    "leave": ("отпуск", "leave", "vacation"),
    "document": ("документ", "document"),
}
"""What people call the subjects of routes."""


class Templated(Protocol):
    """Anything that has a template: one that is kept, one that may be started, a request that runs."""

    @property
    def template(self) -> ApprovalTemplate:
        """The template."""
        ...


Kind = TypeVar("Kind", bound=Templated)


def titles_of(one: Templated) -> list[str]:
    """Return what a template is called, in every language that it has, its key at last."""
    return [*one.template.route.title.values(), one.template.route.key]


def named(known: Sequence[Kind], said: str) -> list[Kind]:
    """Return the templates that words mean, by the strictest rule by which any are meant."""
    wanted = words_of(said)
    if not wanted:
        return []
    found = [each for each in known if any(words_of(title) == wanted for title in titles_of(each))]
    return found or [
        each for each in known if any(_fits(wanted, words_of(title)) for title in titles_of(each))
    ]  # fmt: skip


def asked_for(known: Sequence[Kind], said: str, more: str = "") -> tuple[list[Kind], str]:
    """Return the templates that words mean, and what of the words after them (`more`) is left for the form.

    The words after go on with a title, and tell several apart: «закупка мебели», «договор поставки»; what is part of
    the title is no value. Where none is meant, what requests are about names them, then a key in parts:
    «расход» is any of those about expenses.
    """
    found = named(known, said) or _about(known, said)
    words = more.split()
    for count in range(len(words), 0, -1):
        closer = named(found, " ".join([said, *words[:count]]))
        if len(closer) == 1:
            return closer, " ".join(words[count:])
    return found, more


def near(known: Sequence[Kind], said: str) -> list[Kind]:
    """Return the templates that are a letter or two away: a typo, which is offered and never taken."""
    wanted = words_of(said)
    return [each for each in known if wanted and all(_is_near(word, _words(each)) for word in wanted)]


def fields_said(form: Sequence[FormField], said: Mapping[str, Any]) -> dict[str, str]:
    """Return what the fields of a form hold by what was said: each by its key, else by its type, none twice."""
    filled: dict[str, str] = {}
    for name, value in said.items():
        takers = [each for each in form if each.key == name] or _takers(form, name)
        free = next((each for each in takers if each.key not in filled), None)
        if free is not None:
            filled[free.key] = str(value)
    return filled


def _takers(form: Sequence[FormField], name: str) -> list[FormField]:
    """Return the fields that may hold a value of that name, the likeliest first."""
    numbers = [each for each in form if each.type in {"money", "number"}]
    match name:
        case "percent":
            return [each for each in numbers if is_share(each)]
        case "amount":
            return sorted((each for each in numbers if not is_share(each)), key=lambda each: each.type != "money")
        case "text":
            return sorted((each for each in form if each.type == "text"), key=lambda each: not each.required)
        case _:
            return [each for each in form if each.type == name]


def _about(known: Sequence[Kind], said: str) -> list[Kind]:
    wanted = words_of(said)
    found = [each for each in known if _fits(wanted, _called(each.template.route.subjects))]
    return found or [each for each in known if _fits(wanted, _words(each))]


def _called(subjects: Iterable[str]) -> list[str]:
    return [word for subject in subjects for word in _SUBJECTS.get(subject, (subject,))]


def _words(one: Templated) -> list[str]:
    return [word for title in titles_of(one) for word in words_of(title.replace("_", " "))]


def _fits(wanted: Sequence[str], title: Sequence[str]) -> bool:
    return all(any(is_form(word, each) or _begins(word, each) for each in title) for word in wanted)


def _begins(word: str, other: str) -> bool:
    return len(word) >= _SHORTEST_BEGINNING and other.startswith(word)


def _is_near(word: str, title: Sequence[str]) -> bool:
    limit = 2 if len(word) >= _LONG else 1
    return any(
        len(each) > limit + 1 and (distance(word, each, limit) <= limit or sounds_like(word, each)) for each in title
    )

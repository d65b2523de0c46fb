"""How the options of a portal look: a card with what counts now, a question for each, and what was set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.actions import Action
from bot.countries import NEAR, country_name
from bot.domain.options import CODES, OPTIONS, Option
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, may
from bot.messages import Button, Keyboard
from bot.services.options import OptionNews
from bot.text import Lines, Phrase, Value, lines, t, tn, verbatim


@dataclass(frozen=True, slots=True)
class OptionsPressed(Action, code="ops"):
    """Show every option."""


@dataclass(frozen=True, slots=True)
class OptionPressed(Action, code="opt"):
    """Ask for the value of that option."""

    key: str

    def __post_init__(self) -> None:
        """Take no forged key for an option."""
        _check(self.key)


@dataclass(frozen=True, slots=True)
class PresetPressed(Action, code="opv"):
    """Set that option to what is written."""

    key: str
    said: str

    def __post_init__(self) -> None:
        """Take no forged key for an option."""
        _check(self.key)


@dataclass(frozen=True, slots=True)
class CodesPressed(Action, code="opc"):
    """Show the letters of form T-13."""


@dataclass(frozen=True, slots=True)
class CountryPressed(Action, code="opn"):
    """Ask whose calendar counts; of a country, ask whether it shall."""

    country: str


_BACK = Button(t("⚙️ All settings"), OptionsPressed())
_COUNTRY = t("🌍 Calendar")
_LETTERS = t("🔤 Letters of T-13")


def options_card(portal: Portal, locale: str) -> tuple[Lines, Keyboard]:
    """Show what counts now, with a button for each option; the letters of form T-13 have a card of their own."""
    alone = [each for each in OPTIONS.values() if each not in CODES]
    text = lines(
        t("⚙️ *Settings of the portal*"),
        _line(_COUNTRY, country_name(portal.country, locale)),
        *(_state(each, portal) for each in alone if each.is_told(portal)),
        _line(_LETTERS, _letters(portal)),
    )
    buttons = [Button(_COUNTRY, CountryPressed("")), *map(_button, alone), Button(_LETTERS, CodesPressed())]
    return text, Keyboard(_rows(buttons, 2))


def codes_card(portal: Portal) -> tuple[Lines, Keyboard]:
    """Show which letters form T-13 has for what, with a button for each."""
    text = lines(t("🔤 *Letters of T-13*"), *(_state(each, portal) for each in CODES))
    return text, Keyboard((*_rows([*map(_button, CODES)], 2), (_BACK,)))


def question_card(option: Option[Any], portal: Portal, today: date, reader: Employee) -> tuple[Lines, Keyboard]:
    """Ask for a value; what is usual is a button."""
    values = {said: option.words(option.heard(said, portal, today)) for said in option.presets}
    buttons = [Button(words, PresetPressed(option.key, said)) for said, words in values.items()]
    text = lines(option.question, t("Now: *{value}*", value=option.words(option.of(portal))))
    return text, Keyboard((*_rows(buttons, 2), *_way_back(reader)))


def country_card(portal: Portal, locale: str) -> tuple[Lines, Keyboard]:
    """Ask for a country; those near are buttons."""
    text = lines(
        t("Whose production calendar counts? Choose, or write the country in full."),
        t("Now: *{value}*", value=country_name(portal.country, locale)),
    )
    near = [Button(verbatim(country_name(each, locale)), CountryPressed(each)) for each in NEAR]
    return text, Keyboard((*_rows(near, 2), (_BACK,)))


def news_card(news: OptionNews, portal: Portal, reader: Employee) -> tuple[Lines, Keyboard]:
    """Read back what counts from now on, with a way back where a button can hold it."""
    option = news.option
    if news.after == news.before:
        return lines(t("It is that already: {value}.", value=option.words(news.after))), Keyboard(_way_back(reader))
    text = lines(
        t("✅ Saved."),
        _line(option.title, option.words(news.after)),
        t("Until now: {value}", value=option.words(news.before)),
    )
    back = PresetPressed(option.key, option.written(news.before, portal))
    as_it_was = Keyboard.of(Button(t("↩️ As it was"), back) if back.said and _fits(back) else None)
    return text, Keyboard((*as_it_was.rows, *_way_back(reader)))


def _way_back(reader: Employee) -> tuple[tuple[Button, ...], ...]:
    """Offer all settings to whoever may see them."""
    return ((_BACK,),) if may(reader, Right.KEEP_OPTIONS) else ()


def _state(option: Option[Any], portal: Portal) -> Phrase:
    return _line(option.title, option.words(option.of(portal)))


def _line(title: Phrase, value: Value) -> Phrase:
    return t("{title}: *{value}*", title=title, value=value)


def _letters(portal: Portal) -> Phrase:
    own = sum(each.of(portal) != each.presets[0] for each in CODES)
    return tn("{count} of your own", "{count} of your own", own) if own else t("the form's")


def _button(option: Option[Any]) -> Button:
    return Button(option.title, OptionPressed(option.key))


def _rows(buttons: Sequence[Button], size: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[at : at + size]) for at in range(0, len(buttons), size))


def _fits(action: Action) -> bool:
    try:
        action.pack()
    except ValueError:
        return False
    return True


def _check(key: str) -> None:
    if key not in OPTIONS:
        raise ValueError(key)

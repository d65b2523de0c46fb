"""What is set for the whole portal: a card, a question for each option, and sentences for some."""

from dataclasses import dataclass
from typing import Any

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.options import DIGEST_AT, OKPO, OPTIONS, ORGANISATION, RETENTION, Option, WrongOption
from bot.domain.rights import Right
from bot.messages import Reply, State
from bot.services.options import Options
from bot.services.planning.calendars import Calendars
from bot.text import t
from handlers.people.option_cards import (
    CodesPressed,
    CountryPressed,
    OptionPressed,
    OptionsPressed,
    PresetPressed,
    codes_card,
    country_card,
    news_card,
    options_card,
    question_card,
)
from handlers.planning.calendar_changes import ask_about_country

router = Router("options")


@dataclass(frozen=True, slots=True)
class AskOption(State):
    """We asked for the value of an option."""

    key: str


@dataclass(frozen=True, slots=True)
class AskCountry(State):
    """We asked whose production calendar counts."""


@router.command("options", t("Settings of the portal"), intents=("options",), right=Right.KEEP_OPTIONS)
async def show_options(turn: Turn) -> Reply:
    """Show what is set for the portal, with a button for each."""
    return turn.conclude(*options_card(turn.portal, turn.employee.locale))


@router.command("org", t("Name of the organisation"), right=Right.KEEP_ORGANISATION, params=t("name as in its papers"))
async def organisation(turn: Turn, options: Options) -> Reply:
    """Name the organisation for time sheets, or ask for its name."""
    return await _set_or_ask(turn, options, ORGANISATION, turn.arguments)


@router.command("okpo", t("Code of the organisation"), right=Right.KEEP_ORGANISATION, params=t("8 or 10 digits"))
async def okpo(turn: Turn, options: Options) -> Reply:
    """Set the organisation's statistical code for time sheets, or ask for it."""
    return await _set_or_ask(turn, options, OKPO, turn.arguments)


@router.said("digest_at")
async def digest_at(turn: Turn, options: Options) -> Reply:
    """Set when leads get their digest: «сводка в 9:30»."""
    return await _set_or_ask(turn, options, DIGEST_AT, str(turn.understood.slots["value"]))


@router.said("retention")
async def retention(turn: Turn, options: Options) -> Reply:
    """Set for how long hours are kept: «хранить данные 72 месяца»."""
    return await _set_or_ask(turn, options, RETENTION, str(turn.understood.slots["months"]))


@router.pressed(OptionsPressed)
async def back(turn: Turn, press: OptionsPressed, options: Options) -> Reply:
    """Show every option again, in place."""
    del press
    options.check(turn.employee)
    return turn.conclude(*options_card(turn.portal, turn.employee.locale))


@router.pressed(CodesPressed)
async def codes(turn: Turn, press: CodesPressed, options: Options) -> Reply:
    """Show the letters of form T-13, in place."""
    del press
    options.check(turn.employee)
    return turn.conclude(*codes_card(turn.portal))


@router.pressed(OptionPressed)
async def ask(turn: Turn, press: OptionPressed, options: Options) -> Reply:
    """Ask for the value of an option."""
    return await _set_or_ask(turn, options, OPTIONS[press.key], "")


@router.pressed(PresetPressed)
async def choose(turn: Turn, press: PresetPressed, options: Options) -> Reply:
    """Set an option to what is usual, or back to what it was."""
    return await _set_or_ask(turn, options, OPTIONS[press.key], press.said)


@router.answered(AskOption)
async def answer(turn: Turn, asked: AskOption, options: Options) -> Reply:
    """Take what was written; words that mean something else are passed on."""
    option = OPTIONS.get(asked.key)
    means_more = turn.understood.intent is not None
    if option is None or (option is ORGANISATION and means_more):
        return turn.pass_on()
    try:
        return await _set_or_ask(turn, options, option, turn.message.text)
    except WrongOption:
        if means_more:
            return turn.pass_on()
        raise


@router.pressed(CountryPressed)
async def country(turn: Turn, press: CountryPressed, calendars: Calendars, options: Options) -> Reply:
    """Ask for a country, or whether the calendar of the one that was chosen shall count."""
    options.check(turn.employee)
    if not press.country:
        return turn.ask(AskCountry(), *country_card(turn.portal, turn.employee.locale))
    return await ask_about_country(turn, calendars, press.country)


@router.answered(AskCountry)
async def country_answered(turn: Turn, asked: AskCountry, calendars: Calendars) -> Reply:
    """Take the name of a country; words that mean something else are passed on."""
    del asked
    if turn.understood.intent is not None:
        return turn.pass_on()
    return await ask_about_country(turn, calendars, turn.message.text)


async def _set_or_ask(turn: Turn, options: Options, option: Option[Any], said: str) -> Reply:
    """Set an option and read it back; without a value, ask for one."""
    if said:
        news = await options.set(turn.employee, turn.portal, option, said, turn.now)
        return turn.conclude(*news_card(news, turn.portal, turn.employee))
    options.check(turn.employee, option)
    today = turn.today
    return turn.ask(AskOption(option.key), *question_card(option, turn.portal, today, turn.employee))

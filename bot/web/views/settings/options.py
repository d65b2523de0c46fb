"""Options of the portal on pages: drawn from the same objects as the card of the chat, set by the same service."""

from collections.abc import Sequence
from typing import Any

from bot.domain.options import CODES, DIGEST_AT, ESCALATION, FILL, OKPO, OPTIONS, ORGANISATION, REMIND_AFTER, Option
from bot.services.options import Options
from bot.text import Phrase, lines, t
from bot.web.forms import Form, Words
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Go, NotFound, Page, Visit

_NOTIFICATIONS: Sequence[Option[Any]] = (DIGEST_AT, REMIND_AFTER, ESCALATION)
_ORGANISATION: Sequence[Option[Any]] = (ORGANISATION, OKPO, FILL, *CODES)
_HOURS = [each for each in OPTIONS.values() if each not in (*_NOTIFICATIONS, *_ORGANISATION)]
"""Whatever has no place elsewhere stands here, so that no option is without a page."""


class Setting(Form):
    """A value for an option, as one would write it in chat."""

    key: str
    said: Words = ""


async def organisation(visit: Visit, options: Options) -> Page:
    """Show how the organisation stands on papers; the letters of form T-13 are folded."""
    shown = [each for each in _shown(visit, options, _ORGANISATION) if each["option"] not in CODES]
    return _page(visit, "organisation", shown, _shown(visit, options, CODES))


async def set_organisation(visit: Visit, form: Setting, options: Options) -> Go:
    """Set one of those."""
    return await _set(visit, form, options, _ORGANISATION, "organisation")


async def hours(visit: Visit, options: Options) -> Page:
    """Show what counts for hours, leave and files."""
    return _page(visit, "hours", _shown(visit, options, _HOURS))


async def set_hours(visit: Visit, form: Setting, options: Options) -> Go:
    """Set one of those."""
    return await _set(visit, form, options, _HOURS, "hours")


async def notifications(visit: Visit, options: Options) -> Page:
    """Show when the portal's people are written to by itself."""
    return _page(visit, "notifications", _shown(visit, options, _NOTIFICATIONS))


async def set_notifications(visit: Visit, form: Setting, options: Options) -> Go:
    """Set one of those."""
    return await _set(visit, form, options, _NOTIFICATIONS, "notifications")


def _page(visit: Visit, key: str, shown: Sequence[Any], letters: Sequence[Any] = ()) -> Page:
    return settings_page(visit, key, "settings/options.html", {"options": shown, "letters": letters})


def _shown(visit: Visit, options: Options, wanted: Sequence[Option[Any]]) -> list[dict[str, Any]]:
    """Return what a template needs of those that the reader may set."""
    portal, today, found = visit.portal, visit.today, []
    for each in wanted:
        if not options.may(visit.reader, each):
            continue
        now = each.of(portal)
        written = each.written(now, portal)
        is_named = not each.is_choice and written.isalpha() and written in each.presets  # chosen below, not typed
        kept = "" if is_named else written
        is_typed = visit.typed.get("key") == each.key
        found.append(
            {
                "option": each,
                "now": each.words(now),
                "written": visit.typed.get("said", "") if is_typed else kept,
                "is_now": written,
                "is_wrong": is_typed,
                "presets": [(said, each.words(each.heard(said, portal, today))) for said in each.presets],
            }
        )
    return found


async def _set(visit: Visit, form: Setting, options: Options, known: Sequence[Option[Any]], key: str) -> Go:
    option = next((each for each in known if each.key == form.key), None)
    if option is None:
        raise NotFound
    news = await options.set(visit.reader, visit.portal, option, form.said, visit.now)
    to, after = f"{SETTINGS}/{key}", option.words(news.after)
    if news.after == news.before:
        return Go(to, t("It is that already: {value}.", value=after))
    said: tuple[Phrase, ...] = (
        t("{title}: *{value}*", title=option.title, value=after),
        t("Until now: {value}", value=option.words(news.before)),
    )
    return Go(to, lines(*said))

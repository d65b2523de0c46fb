"""How the record of changes reads: the short notes that services leave, as sentences; any other as it is."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

from bot.domain.options import OPTIONS
from bot.domain.people.employee import Role
from bot.text import Day, Phrase, Value, t, tn, verbatim
from bot.words.people import role_word

_MANY = "…"


def audit_words(what: str) -> Phrase:
    """Return what was changed as a sentence."""
    for pattern, words in _KNOWN:
        found = pattern.fullmatch(what)
        if found is not None:
            with suppress(ValueError, KeyError):
                return words(found)
    return verbatim(what)


def _day(text: str) -> Value:
    return Day(date.fromisoformat(text))


def _said(phrase: Phrase) -> Callable[[re.Match[str]], Phrase]:
    return lambda _: phrase


def _role(found: re.Match[str]) -> Phrase:
    before, after = role_word(Role(found[1])), role_word(Role(found[2]))
    return t("role: {before} → {after}", before=before, after=after)


def _option(found: re.Match[str]) -> Phrase:
    return t("{title}: “{said}”", title=OPTIONS[found[1]].title, said=found[2])


def _template(found: re.Match[str]) -> Phrase:
    values: dict[str, Value] = {"key": found[1], "version": found[2]}
    match found[3]:
        case "on":
            return t("template {key}: version {version} is on", **values)
        case "off":
            return t("template {key}: version {version} is off", **values)
        case _:
            return t("template {key}: version {version} came in", **values)


def _rule(found: re.Match[str]) -> Phrase:
    values: dict[str, Value] = {"key": found[1], "version": found[2]}
    match found[3]:
        case "on":
            return t("rule {key}: version {version} is on", **values)
        case "off":
            return t("rule {key}: version {version} is off", **values)
        case _:
            return t("rule {key}: version {version} came in", **values)


def _substitute(found: re.Match[str]) -> Phrase:
    if found[2] == _MANY:
        return t("a substitute from {first} on", first=_day(found[1]))
    return t("a substitute from {first} to {last}", first=_day(found[1]), last=_day(found[2]))


_DAY = r"(\d{4}-\d\d-\d\d)"
_KNOWN: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], Phrase]]] = [
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"role (\w+) -> (\w+)", _role),
        (r"enabled", _said(t("access switched on"))),
        (r"disabled", _said(t("access switched off"))),
        (r"erased", _said(t("data erased"))),
        (r"option ([\w.]+): (.*)", _option),
        (r"calendar of (\w+)", lambda found: t("calendar of another country: {country}", country=found[1])),
        (r"calendar working " + _DAY, lambda found: t("{day} is a workday", day=_day(found[1]))),
        (r"calendar off " + _DAY, lambda found: t("{day} is a day off", day=_day(found[1]))),
        (r"calendar short " + _DAY, lambda found: t("{day} is an hour shorter", day=_day(found[1]))),
        (
            rf"calendar move {_DAY} -> {_DAY}",
            lambda found: t("day off moved from {first} to {last}", first=_day(found[1]), last=_day(found[2])),
        ),
        (r"calendar year (\d{4})-.*", lambda found: t("all days off of {year} are entered", year=found[1])),
        (
            rf"closed {_DAY}\.\.{_DAY}",
            lambda found: t("closed {first} – {last}", first=_day(found[1]), last=_day(found[2])),
        ),
        (
            rf"reopened {_DAY}\.\.{_DAY}",
            lambda found: t("opened again {first} – {last}", first=_day(found[1]), last=_day(found[2])),
        ),
        (rf"substitute \d+ from {_DAY} to (\S+)", _substitute),
        (r"substitute \d+ taken back", _said(t("a substitute taken back"))),
        (r"linked telegram", _said(t("Telegram linked"))),
        (r"invited to telegram", _said(t("a link for Telegram was sent"))),
        (r"unlinked telegram", _said(t("Telegram unlinked"))),
        (r"linked bitrix24", _said(t("Bitrix24 linked"))),
        (r"unlinked bitrix24", _said(t("Bitrix24 unlinked"))),
        (r"personnel number", _said(t("personnel number"))),
        (rf"hired on {_DAY}", lambda found: t("hired on {day}", day=_day(found[1]))),
        (rf"dismissed on {_DAY}", lambda found: t("last day of work: {day}", day=_day(found[1]))),
        (
            r"introduced to (\d+) people",
            lambda found: tn("greeted {count} person", "greeted {count} people", int(found[1])),
        ),
        (r"re-sent failed messages", _said(t("messages that did not arrive are sent again"))),
        (r"had errands done again", _said(t("actions on the portal are tried again"))),
        (r"left errands undone", _said(t("actions on the portal are left undone"))),
        (r"application installed", _said(t("the application installed"))),
        (r"application installed again", _said(t("the application installed again"))),
        (r"application joined", _said(t("the application takes over from the webhook"))),
        (r"application removed", _said(t("the application removed"))),
        (r"application removed, data too", _said(t("the application removed, with its data"))),
        (r"portal moved", _said(t("the portal has another address"))),
        (r"access kept: .*", _said(t("access to the portal lent"))),
        (r"access ended: .*", _said(t("access to the portal ended"))),
        (r"template (\S+) (\d+) (on|off|brought)", _template),
        (r"rule (\S+) (\d+) (on|off|made)", _rule),
        (r"rule (\S+) deleted", lambda found: t("rule {key} deleted", key=found[1])),
        (rf"schedule (\w+) from {_DAY}", lambda found: t("schedule from {day} on", day=_day(found[2]))),
        (r"group (.*) removed", lambda found: t("group removed: {name}", name=found[1])),
        (r"group (.*?): .*", lambda found: t("group changed: {name}", name=found[1])),
        (r"api key (\S+) made: .*", lambda found: t("API key {key} made", key=found[1])),
        (r"webhook (\S+) added, .*", lambda found: t("Webhook {name} added", name=found[1])),
        (r"webhook (\S+) changed, .*", lambda found: t("Webhook {name} changed", name=found[1])),
        (r"webhook (\S+) deleted", lambda found: t("Webhook {name} deleted", name=found[1])),
        (r"webhook (\S+) has a new secret", lambda found: t("Webhook {name} has a new secret", name=found[1])),
        (r"webhook (\S+) is told again", lambda found: t("Webhook {name}: a message is sent again", name=found[1])),
        (r"webhook (\S+) switched off: .*", lambda found: t("Webhook {name} was switched off", name=found[1])),
        (r"api origin (\S+) added", lambda found: t("Pages of {origin} may call the API", origin=found[1])),
        (r"api origin (\S+) removed", lambda found: t("Pages of {origin} may not call the API", origin=found[1])),
        (r"api key (\S+) revoked.*", lambda found: t("API key {key} revoked", key=found[1])),
        (r"signed in by .*", _said(t("signed in to the pages"))),
        (r"signed out everywhere", _said(t("signed out everywhere"))),
        (r"opened a calendar link", _said(t("calendar link made"))),
        (r"revoked the calendar link", _said(t("calendar link ended"))),
        (r"telegram token kept: @(\w+)", lambda found: t("Telegram bot @{name} connected", name=found[1])),
    )
]

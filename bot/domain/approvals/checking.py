"""What `route check` says of a file: the route in sentences with what is likely a mistake, or what is wrong."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.domain.approvals.fault_words import sentence_of
from bot.domain.approvals.lines import NotJson, parsed
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.reading import BadRoute, Fault, read
from bot.domain.approvals.sentences import sentences
from bot.i18n import Translator


def check_text(text: str, locale: str) -> dict[str, Any]:
    """Check what a file says."""
    try:
        form = parsed(text)
    except NotJson:
        return check_faults([Fault("", "not_json", sentence_of("not_json", "", "", {}))], locale)
    return check(form, locale)


def check(form: Any, locale: str) -> dict[str, Any]:
    """Check a route or template as JSON."""
    try:
        found = read(form)
    except BadRoute as bad:
        return check_faults(bad.faults, locale)
    reader = Translator(locale, found.route.timezone, datetime.now(UTC))
    return {
        "ok": True,
        "sentences": [reader.plain(each) for each in sentences(found.route)],
        "warnings": [_told(each, reader) for each in warnings(found)],
    }


def check_faults(faults: Iterable[Fault], locale: str) -> dict[str, Any]:
    """Return the faults as `route check` prints them."""
    reader = Translator(locale, "UTC", datetime.now(UTC))
    return {"ok": False, "faults": [_told(each, reader) for each in faults]}


def _told(fault: Fault, reader: Translator) -> dict[str, str]:
    sentence = reader.plain(fault.sentence)
    return {"path": fault.path, "code": fault.code, "sentence": sentence[:1].upper() + sentence[1:]}

"""A call of our robot or activity, read from the form that a portal posts.

The documents name `document_id`, `properties`, `auth` and `event_token` alone; the rest is taken as it may come.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.channels.bitrix24.forms import BadBody
from bot.channels.bitrix24.values import flag, instant, items, mapping, number, text
from bot.domain.automation.process import CODES, ProcessCall
from bot.ids import new_id

_LONGEST_TOKEN: Final = 1_024
_LONGEST_NAME: Final = 200
_LONGEST_VALUE: Final = 4_000
"""Characters of one property; a longer one is cut, for nobody reads more on a phone."""
_MOST_VALUES: Final = 100
_LONGEST_TERM: Final = timedelta(days=366)
_LATE: Final = timedelta(days=7)
"""How far back the portal's own word about when it called is believed."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a call shows; nothing of it is believed yet."""

    member_id: str
    application_token: str = field(repr=False)
    call: ProcessCall
    """The call as it would be stored, of no portal yet."""


def read_call(form: Mapping[str, Any], code: str, now: datetime) -> Called:
    """Return what a form shows that was posted to the address of a robot; BadBody where it is no call of it."""
    if code not in CODES:
        raise BadBody("unknown_robot", "There is no such robot.", 404)
    auth = mapping(form.get("auth"))
    token, member = text(form.get("event_token")), text(auth.get("member_id")).lower()
    document = tuple(text(each) for each in items(form.get("document_id")))
    is_whole = (
        0 < len(token) <= _LONGEST_TOKEN
        and member != ""
        and len(document) == 3
        and all(0 < len(each) <= _LONGEST_NAME for each in document[1:])
        and len(document[0]) <= _LONGEST_NAME
    )
    if not is_whole:
        raise BadBody("not_a_call", "This is not a call of a business process.")
    if (named := text(form.get("code"))) and named != code:
        raise BadBody("another_robot", "This call is for another robot.")
    # Where the portal does not say whether it waits, it does: that is what an empty USE_SUBSCRIPTION means.
    said = form.get("use_subscription")
    called_at = instant(form.get("ts"))
    at = called_at if called_at is not None and now - _LATE < called_at <= now else now
    term = number(form.get("timeout_duration"))
    return Called(
        member,
        text(auth.get("application_token")),
        ProcessCall(
            id=new_id(),
            portal_id=0,
            key=hashlib.sha256(token.encode()).hexdigest(),
            token=token,
            code=code,
            workflow=text(form.get("workflow_id"))[:_LONGEST_NAME] or token.partition("|")[0][:_LONGEST_NAME],
            document=document,
            properties=_properties(mapping(form.get("properties"))),
            waits=text(said) == "" or flag(said),
            called_at=at,
            until=at + min(timedelta(seconds=min(term, 10**9)), _LONGEST_TERM) if term else None,
        ),
    )


def _properties(given: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return the properties as a designer set them: text, or a list of it; empty ones are as none."""
    found: dict[str, str | list[str]] = {}
    for name, value in given.items():
        if isinstance(value, Mapping | list):
            several = [shown for each in items(value)[:_MOST_VALUES] if (shown := text(each).strip()[:_LONGEST_VALUE])]
            if several:
                found[text(name)[:_LONGEST_NAME]] = several
        elif shown := text(value).strip()[:_LONGEST_VALUE]:
            found[text(name)[:_LONGEST_NAME]] = shown
    return found

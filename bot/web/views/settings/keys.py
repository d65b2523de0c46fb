"""Keys on pages: those of the portal's programs and of its people, and from where browsers may call."""

from typing import Any

from pydantic import ConfigDict

from bot.domain.people.api_key import DEFAULT_DAYS, KEY_HEADER, MOST_DAYS, ApiKey, Scope, usable_scopes
from bot.services.people.keys import BadKey, KeyMadeBefore, Keys, NewKey
from bot.services.people.origins import ApiOrigins, origins_of
from bot.services.people.people import People
from bot.text import Day, t
from bot.web.forms import Empty, Form
from bot.web.settings import SETTINGS, settings_page
from bot.web.views.asking import token_for, token_in
from bot.web.visit import Go, Page, Visit
from bot.words.integrations import SCOPES

KEYS = f"{SETTINGS}/keys"
_FIELDS = {f"scope_{each.value.replace(':', '_')}": each for each in Scope}


class KeyFields(Form):
    """A key: its name, for how many days, and what it may be used for."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)
    name: str = ""
    days: str = str(DEFAULT_DAYS)
    token: str = ""

    @property
    def id(self) -> int:
        """The number that the key will have, so that a form which is sent twice makes one."""
        number = token_in(self.token)
        if number is None:
            raise BadKey(t("This page was open for long. What you typed is here: please look at it and send it again."))
        return number

    @property
    def scopes(self) -> frozenset[Scope]:
        """What it is to be used for."""
        given = self.model_extra or {}
        return frozenset(scope for field, scope in _FIELDS.items() if given.get(field))

    @property
    def length(self) -> int:
        """For how many days it works."""
        if not (self.days.isascii() and self.days.isdigit() and len(self.days) < 5):
            raise BadKey(t("A key works for 1 to 366 days."))
        return int(self.days)


class Origin(Form):
    """An address of a page."""

    origin: str = ""


async def keys(visit: Visit, keys: Keys, people: People) -> Page:
    """List the keys that work, of programs and of people, and the origins."""
    names = {each.id: each.name for each in await people.everybody_of(visit.portal.id)}
    found = await keys.everybodys(visit.reader, visit.now)
    values = {
        "programs": [key_row(each, names) for each in found if each.is_service],
        "persons": [key_row(each, names) for each in found if not each.is_service],
        "origins": origins_of(visit.portal),
        **key_form(visit, frozenset(Scope) - {Scope.ME, Scope.REQUESTS_DECIDE}),
    }
    return settings_page(visit, "keys", "settings/keys.html", values)


async def make(visit: Visit, form: KeyFields, keys: Keys) -> Page:
    """Make a key of the portal, and show it this once."""
    made = await keys.make(
        visit.reader, form.name, form.scopes, visit.now, days=form.length, is_service=True, key_id=form.id
    )
    return settings_page(visit, "keys", "settings/secret.html", shown_once(made, KEYS), t("Copy it now"))


async def revoke(visit: Visit, form: Empty, keys: Keys) -> Go:
    """Let a key work no more."""
    del form
    gone = await keys.revoke(visit.reader, visit.number("id"), visit.now)
    return Go(KEYS, t("The key “{name}” works no more.", name=gone.name))


async def allow(visit: Visit, form: Origin, origins: ApiOrigins) -> Go:
    """Let browsers call from an origin."""
    origin = await origins.add(visit.reader, visit.portal, form.origin, visit.now)
    return Go(KEYS, t("Pages of {origin} may call the API now.", origin=origin))


async def disallow(visit: Visit, form: Origin, origins: ApiOrigins) -> Go:
    """Let browsers call from an origin no more."""
    await origins.remove(visit.reader, visit.portal, form.origin, visit.now)
    return Go(KEYS, t("Pages of {origin} may not call the API any more.", origin=form.origin))


# On one's own page


async def own(visit: Visit, keys: Keys) -> dict[str, Any]:
    """Return what one's own page shows of keys."""
    rows = [key_row(each, {}) for each in await keys.of(visit.reader, visit.now)]
    return {"own_keys": rows, **key_form(visit, usable_scopes(visit.reader))}


async def make_own(visit: Visit, form: KeyFields, keys: Keys) -> Page:
    """Make a key of one's own, and show it this once."""
    made = await keys.make(visit.reader, form.name, form.scopes, visit.now, days=form.length, key_id=form.id)
    return Page("settings/secret.html", t("Copy it now"), {"parts": (), "part": None, **shown_once(made, "/me")}, "me")


async def revoke_own(visit: Visit, form: Empty, keys: Keys) -> Go:
    """Let a key of one's own work no more."""
    del form
    gone = await keys.revoke(visit.reader, visit.number("id"), visit.now)
    return Go("/me", t("The key “{name}” works no more.", name=gone.name))


def key_row(key: ApiKey, names: dict[int, str]) -> dict[str, Any]:
    """Return what is shown of a key: never the key."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "owner": names.get(key.owner_id or 0),
        "scopes": " ".join(sorted(key.scopes)),
        "used": Day(key.used_on) if key.used_on else None,
        "until": Day(key.expires_at.date()),
    }


def key_form(visit: Visit, usable: frozenset[Scope]) -> dict[str, Any]:
    """Return what the form of a new key shows."""
    typed = {} if isinstance(visit.refused, KeyMadeBefore) else visit.typed
    scopes = [
        {"field": field, "scope": scope.value, "words": SCOPES[scope], "is_chosen": bool(typed.get(field))}
        for field, scope in _FIELDS.items()
        if scope in usable
    ]
    days = typed.get("days", str(DEFAULT_DAYS))
    token = token_for(typed.get("token", ""))
    return {"scopes": scopes, "days": days, "most_days": MOST_DAYS, "key_token": token, "key_typed": typed}


def shown_once(made: NewKey, back: str) -> dict[str, Any]:
    """Return what is shown of a key that was just made."""
    return {
        "secret": made.token,
        "what": t("The key “{name}”", name=made.key.name),
        "how": t("A program sends it with each call: “{header}”. What can be called: /api/v1/docs", header=KEY_HEADER),
        "back": back,
    }

"""Keys of the API, and what was answered to calls that may be repeated ⇄ rows."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.people.api_key import ApiKey, Scope
from bot.ports import Repeat, WrongKey
from storage import schema
from storage.engines.engine import Read, Reader
from storage.part import Part
from storage.parts.people import Employees
from storage.rows import clean
from storage.shape import Form, Shape
from storage.sql import keys as sql
from storage.sql import people
from storage.vault import Box

_KNOWN = frozenset(Scope)
_SCOPES = Form(
    lambda stored: frozenset(Scope(each) for each in stored.split() if each in _KNOWN),
    lambda scopes: " ".join(sorted(scopes)),
)
_KEY = Shape(ApiKey, schema.api_key, forms={"scopes": _SCOPES})
_REPEAT = Shape(Repeat, schema.api_repeat)


class ApiKeys(Part):
    """Keys of the API."""

    def __init__(self, engine: Reader, employees: Employees) -> None:
        """Read through `engine`; whose key it is comes along and is remembered."""
        super().__init__(engine)
        self._employees = employees

    async def by_hash(self, hash_: str) -> ApiKey | None:
        """Return the key of that hash, one that works no more as well."""
        values = {"hash": hash_}
        rows, owner = await self._engine.read([Read(sql.KEY_BY_HASH, values), Read(people.PERSON_BY_KEY, values)])
        if owner:
            self._employees.remember(None, owner)
        return _KEY.read(rows[0]) if rows else None

    async def get(self, portal_id: int, key_id: int) -> ApiKey | None:
        """Return the key of that id."""
        rows = await self._rows(sql.KEY_BY_ID, {"portal_id": portal_id, "key_id": key_id})
        return _KEY.read(rows[0]) if rows else None

    async def of_portal(self, portal_id: int) -> Sequence[ApiKey]:
        """Return the keys of a portal and of its people, newest first."""
        return [_KEY.read(each) for each in await self._rows(sql.KEYS_OF_PORTAL, {"portal_id": portal_id})]

    def add(self, key: ApiKey) -> None:
        """Note a new key."""
        self._note(sql.ADD_KEY, _KEY.values(key))

    def put(self, key: ApiKey) -> None:
        """Note until when a key works, whether it was revoked, and when it was last used."""
        self._note(sql.PUT_KEY, {**_KEY.values(key), "the_id": key.id, "the_portal_id": key.portal_id}, 1)


class Repeats(Part):
    """What was answered, sealed: an answer may hold what only its reader may know."""

    def __init__(self, engine: Reader, box: Box) -> None:
        """Read through `engine`; seal and open with `box`."""
        super().__init__(engine)
        self._box = box

    async def get(self, portal_id: int, place: str) -> Repeat | None:
        """Return what was answered there; what does not open any more is as if it had never been."""
        rows = await self._rows(sql.REPEAT, {"portal_id": portal_id, "place": clean(place)})
        if not rows:
            return None
        found = _REPEAT.read(rows[0])
        try:
            return replace(found, answer=self._box.open(found.answer, f"repeat:{place}"))
        except WrongKey:
            return None

    def add(self, repeat: Repeat) -> None:
        """Note what is answered; a Conflict when the same call was answered meanwhile."""
        sealed = replace(repeat, answer=self._box.seal(repeat.answer, f"repeat:{repeat.place}"))
        self._note(sql.ADD_REPEAT, _REPEAT.values(sealed))

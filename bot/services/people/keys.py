"""Keys of the API: made and revoked by people, never by a key; read at each call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.people.api_key import (
    DEFAULT_DAYS,
    MOST_DAYS,
    MOST_KEYS,
    MOST_NAME,
    SHOWN,
    ApiKey,
    Scope,
    hash_of,
    may_integrate,
    new_token,
    usable_scopes,
)
from bot.domain.people.employee import Employee, clean_name
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.text import t

KEY_EXPIRES = "api-key-expires"
"""The job that tells of a key which is about to end."""
TOLD_BEFORE = timedelta(days=7)


class BadKey(Refusal):
    """A key that cannot be made so."""

    code = "bad_key"


class TooManyKeys(Refusal):
    """So many keys are enough for one person, and for one portal."""

    code = "too_many_keys"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(t("There are 20 keys already. Revoke one that nobody uses, then make a new one."))


class KeyMadeBefore(Refusal):
    """A key that was made already: its form was sent twice."""

    code = "key_made_before"

    def __init__(self) -> None:
        """Say what to do where it was not seen."""
        super().__init__(
            t(
                "This key was made already, and was shown that once. If you did not see it, revoke it "
                "and make another one."
            )
        )


class UnknownKey(Refusal):
    """No key of that number, or none that the person may touch."""

    code = "unknown_key"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(t("I do not know that key. It may have been revoked already."))


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made, and what is shown of it this once."""

    key: ApiKey
    token: str


class Keys(UnitService):
    """Makes, lists, revokes and finds keys."""

    async def make(
        self,
        by: Employee,
        name: str,
        scopes: Collection[Scope],
        now: datetime,
        *,
        days: int = DEFAULT_DAYS,
        is_service: bool = False,
        key_id: int | None = None,
    ) -> NewKey:
        """Make a key of one's own, or one of the portal, which is for administrators.

        A key of one's own can have scopes that are of use to the person; one of the portal never decides.
        Whoever sends the same form twice names the `key_id`: KeyMadeBefore then.
        """
        if is_service:
            check(by, Right.INTEGRATE)
        name = clean_name(name)[:MOST_NAME].strip()
        if not name:
            raise BadKey(t("Give the key a name by which you will know it later, for example “Payroll”."))
        if not 1 <= days <= MOST_DAYS:
            raise BadKey(t("A key works for 1 to 366 days."))
        usable = frozenset(Scope) - {Scope.REQUESTS_DECIDE, Scope.ME} if is_service else usable_scopes(by)
        if not scopes or not usable.issuperset(scopes):
            raise BadKey(t("Choose what the key may do, from what you may do yourself."))
        if key_id is not None and await self._uow.api_keys.get(by.portal_id, key_id) is not None:
            raise KeyMadeBefore
        others = await self._of(by.portal_id, None if is_service else by.id)
        if sum(each.works(now) for each in others) >= MOST_KEYS:
            raise TooManyKeys
        token = new_token()
        key = ApiKey(
            new_id() if key_id is None else key_id,
            by.portal_id,
            None if is_service else by.id,
            name,
            token[:SHOWN],
            hash_of(token),
            frozenset(scopes),
            now,
            by.id,
            now + timedelta(days=days),
        )
        self._uow.api_keys.add(key)
        self._uow.happenings.hear(by.portal_id)
        self._audit(by, key, f"api key {key.prefix} made: {' '.join(sorted(key.scopes))}", now)
        warned = Job(new_id(), by.portal_id, KEY_EXPIRES, str(key.id), key.expires_at - TOLD_BEFORE, {"key_id": key.id})
        if warned.run_at > now:
            self._uow.jobs.add(warned)
        return NewKey(key, token)

    async def of(self, person: Employee, now: datetime) -> list[ApiKey]:
        """Return a person's own keys that work, newest first."""
        return [each for each in await self._of(person.portal_id, person.id) if each.works(now)]

    async def of_portal(self, by: Employee, now: datetime) -> list[ApiKey]:
        """Return the keys of the portal that work, newest first."""
        check(by, Right.INTEGRATE)
        return [each for each in await self._of(by.portal_id, None) if each.works(now)]

    async def everybodys(self, by: Employee, now: datetime) -> list[ApiKey]:
        """Return all keys of a portal that work, those of its people as well, newest first."""
        check(by, Right.INTEGRATE)
        return [each for each in await self._uow.api_keys.of_portal(by.portal_id) if each.works(now)]

    async def revoke(self, by: Employee, key_id: int, now: datetime) -> ApiKey:
        """Let a key work no more: one's own, or as an administrator any."""
        found = await self._uow.api_keys.get(by.portal_id, key_id)
        if found is None or found.revoked_at is not None or not (found.owner_id == by.id or may_integrate(by)):
            raise UnknownKey
        gone = replace(found, revoked_at=now)
        self._uow.api_keys.put(gone)
        self._uow.jobs.cancel(by.portal_id, KEY_EXPIRES, str(found.id))
        self._audit(by, found, f"api key {found.prefix} revoked", now)
        return gone

    async def end_of_portal(self, portal_id: int, now: datetime) -> None:
        """Let every key of the portal itself work no more: whoever comes back makes new ones."""
        for each in await self._of(portal_id, None):
            if each.revoked_at is None:
                self._uow.api_keys.put(replace(each, revoked_at=now))
                self._uow.jobs.cancel(portal_id, KEY_EXPIRES, str(each.id))
                what = f"api key {each.prefix} revoked: application removed"
                self._uow.audit.add(portal_id, actor_id=None, subject_id=None, what=what, at=now)

    async def left_by(self, maker: Employee, now: datetime) -> list[ApiKey]:
        """Return the keys of the portal that somebody made and that work, newest first."""
        made = await self._of(maker.portal_id, None)
        return [each for each in made if each.created_by == maker.id and each.works(now)]

    async def known(self, token: str, now: datetime) -> ApiKey | None:
        """Return the key that somebody shows, if it works."""
        found = await self._uow.api_keys.by_hash(hash_of(token))
        return found if found is not None and found.works(now) else None

    async def used(self, key: ApiKey, now: datetime) -> None:
        """Note on which day a key was used last."""
        found = await self._uow.api_keys.get(key.portal_id, key.id)
        if found is not None and (found.used_on is None or found.used_on < now.date()):
            self._uow.api_keys.put(replace(found, used_on=now.date()))

    async def about_to_end(
        self, portal_id: int, key_id: int, now: datetime
    ) -> tuple[Sequence[Employee], ApiKey] | None:
        """Return who is to be told that a key will end soon; None where nobody is.

        A key of the portal is the matter of all administrators: whoever made it may have left.
        """
        key = await self._uow.api_keys.get(portal_id, key_id)
        if key is None or not key.works(now):
            return None
        if key.owner_id is None:
            return await People(self._uow).administrators(portal_id), key
        owner = await self._uow.employees.get(portal_id, key.owner_id)
        return None if owner is None or owner.is_disabled else ([owner], key)

    async def _of(self, portal_id: int, owner_id: int | None) -> Sequence[ApiKey]:
        return [each for each in await self._uow.api_keys.of_portal(portal_id) if each.owner_id == owner_id]

    def _audit(self, by: Employee, key: ApiKey, what: str, at: datetime) -> None:
        self._uow.audit.add(by.portal_id, actor_id=by.id, subject_id=key.owner_id, what=what, at=at)

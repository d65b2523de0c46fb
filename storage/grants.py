"""Tokens in use: read before each request, and renewed by one process at a time."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.installation import Grant, Installation, Purpose, TokenPair
from bot.domain.portal import Portal
from storage.engines.engine import Engine, Read, Write
from storage.parts.installations import Installations, grant_of
from storage.rows import clean, millis
from storage.sealed import sealed_pair
from storage.sql import installations as sql
from storage.vault import Box

_PAGE = 100


class Grants:
    """Tokens of portals, of which this process renews some in its name."""

    def __init__(self, engine: Engine, box: Box, holder: str) -> None:
        """Renew in the name of `holder`, which no other living process has."""
        self._engine = engine
        self._box = box
        self._holder = holder

    async def all(self) -> Sequence[tuple[Portal, Installation]]:
        """Return every installation with its portal, by key."""
        return await Installations(self._engine, self._box).all()

    async def installation(self, key: str) -> tuple[Portal, Installation] | None:
        """Return the installation on the portal of that key."""
        return await Installations(self._engine, self._box).by_key(key)

    async def of(self, portal_id: int) -> Sequence[Grant]:
        """Return whose tokens of a portal are kept."""
        return await Installations(self._engine, self._box).grants(portal_id)

    async def stale(self, before: datetime, *, after: Grant | None = None) -> Sequence[tuple[str, Grant]]:
        """Return the next pairs `after` one that nobody renewed since, in a lasting order, with their portals' keys."""
        values = {
            "before": millis(before),
            "is_lost": False,
            "after_portal": after.portal_id if after else 0,
            "after_account": after.account if after else "",
            "size": _PAGE,
        }
        (rows,) = await self._engine.read([Read(sql.STALE_GRANTS, values)])
        return [(row[0], grant_of(row[1:], self._box)) for row in rows]

    async def accounts(self, purpose: Purpose) -> Sequence[tuple[str, int, str]]:
        """Return whose tokens are kept for a purpose: key and id of the portal, and the account there."""
        values = {"purpose": f"%{purpose.value}%", "is_lost": False}
        (rows,) = await self._engine.read([Read(sql.GRANTS_FOR, values)])
        return [(row[0], row[1], row[2]) for row in rows]

    async def claim(self, grant: Grant, seconds: float) -> bool:
        """Take the renewal of exactly this pair upon us for so long; False where another does it, or did."""
        values = {
            "the_portal_id": grant.portal_id,
            "the_account": grant.account,
            "the_holder": self._holder,
            "seen": grant.version,
            "is_lost": False,
            "lasts": int(seconds * 1000),
        }
        (result,) = await self._engine.write([Write(sql.CLAIM_GRANT, values)])
        return bool(result.rows)

    async def renew(self, grant: Grant, pair: TokenPair, now: datetime) -> None:
        """Store the next pair in place of this one."""
        values = {
            "the_portal_id": grant.portal_id,
            "the_account": grant.account,
            "seen": grant.version,
            "sealed": sealed_pair(self._box, grant.portal_id, grant.account, pair),
            "now": millis(now),
            "is_lost": False,
        }
        await self._engine.write([Write(sql.RENEW_GRANT, values)])

    async def lose(self, grant: Grant) -> None:
        """Note that this pair is worth nothing; one that came in its place meanwhile stays."""
        values = {
            "the_portal_id": grant.portal_id,
            "the_account": grant.account,
            "seen": grant.version,
            "is_lost": True,
        }
        await self._engine.write([Write(sql.LOSE_GRANT, values)])

    async def release(self, grant: Grant) -> None:
        """Give the renewal back undone; another may try at once."""
        values = {
            "the_portal_id": grant.portal_id,
            "the_account": clean(grant.account),
            "the_holder": self._holder,
        }
        await self._engine.write([Write(sql.RELEASE_GRANT, values)])

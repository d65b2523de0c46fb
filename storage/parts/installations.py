"""The application on portals ⇄ rows: installations, hosts, and tokens that are sealed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.installation import Grant, Installation, InstallationState, Purpose, TokenPair, Trouble
from bot.domain.portal import Portal
from storage import schema
from storage.engines.engine import Read, Reader
from storage.engines.statement import Statement
from storage.part import Part
from storage.rows import Row, clean, instant, millis
from storage.sealed import opened_pair, opened_token, sealed_pair
from storage.shape import Form, Shape
from storage.shapes import portal_of
from storage.sql import installations as sql
from storage.vault import Box, application_token_name

_WORDS = Form(lambda stored: frozenset(stored.split()), lambda words: " ".join(sorted(words)))
_SHAPE = Shape(Installation, schema.installation, forms={"scope": _WORDS})
_behind_portal = _SHAPE.reader(sql.INSTALLATION_AT)
_NO_PAIR = TokenPair("", "", instant(0))


def grant_of(row: Row, box: Box) -> Grant:
    """Return the grant of a row; one that does not open is lost."""
    portal_id, account, purposes, pair, refreshed_at, is_lost, version = row[:7]
    opened = opened_pair(box, portal_id, account, pair)
    return Grant(
        portal_id,
        account,
        frozenset(map(Purpose, purposes.split())),
        opened or _NO_PAIR,
        instant(refreshed_at),
        bool(is_lost) or opened is None,
        version,
    )


class Installations(Part):
    """The application on portals. What was noted wins over what was read."""

    def __init__(self, engine: Reader, box: Box) -> None:
        """Read through `engine`; seal and open with `box`."""
        super().__init__(engine)
        self._box = box
        self._noted: dict[int, Installation | None] = {}
        self._grants: dict[tuple[int, str], Grant] = {}

    def opened(self, found: Installation) -> Installation:
        """Return an installation with its token in plain; where that does not open, it says what is wrong."""
        token = opened_token(self._box, found.portal_id, found.application_token)
        changed: dict[str, Any] = {"application_token": token or ""}
        if token is None:
            changed |= {"state": InstallationState.TROUBLED, "trouble": Trouble.UNREADABLE}
        return replace(found, **changed)

    async def of(self, portal_id: int) -> Installation | None:
        """Return the installation on a portal."""
        if portal_id in self._noted:
            return self._noted[portal_id]
        rows = await self._rows(sql.INSTALLATION, {"portal_id": portal_id})
        return self.opened(_SHAPE.read(rows[0])) if rows else None

    async def all(self) -> Sequence[tuple[Portal, Installation]]:
        """Return every installation with its portal, by key."""
        return [self._both(row) for row in await self._rows(sql.INSTALLATIONS, {})]

    async def by_key(self, key: str) -> tuple[Portal, Installation] | None:
        """Return the installation on the portal of that key."""
        rows = await self._rows(sql.INSTALLATION_BY_KEY, {"key": clean(key)})
        return self._both(rows[0]) if rows else None

    def _both(self, row: Row) -> tuple[Portal, Installation]:
        return portal_of(row), self.opened(_behind_portal(row))

    def put(self, installation: Installation) -> None:
        """Note an installation as a verified call told it, instead of what was there."""
        self._noted[installation.portal_id] = installation
        values = _SHAPE.values(installation)
        token = installation.application_token
        values["application_token"] = token and self._box.seal(token, application_token_name(installation.portal_id))
        self._note(sql.PUT_INSTALLATION, values)

    def mark(self, installation: Installation) -> None:
        """Note how an installation stands; its token and its address stay as they are stored."""
        self._set(sql.MARK_INSTALLATION, installation, "state", "trouble", "trouble_since")

    def move(self, installation: Installation) -> None:
        """Note where an installation is."""
        self._set(sql.MOVE_INSTALLATION, installation, "client_endpoint")

    def _set(self, statement: Statement, installation: Installation, *named: str) -> None:
        self._noted[installation.portal_id] = installation
        values = _SHAPE.values(installation)
        self._note(statement, {"the_portal_id": installation.portal_id} | {each: values[each] for each in named})

    def drop(self, portal_id: int) -> None:
        """Note that a portal has no installation of its own, and no tokens."""
        self._noted[portal_id] = None
        self.drop_grants(portal_id)
        self._note(sql.DROP_INSTALLATION, {"the_portal_id": portal_id})

    # Tokens

    async def grants(self, portal_id: int) -> Sequence[Grant]:
        """Return whose tokens of a portal are kept."""
        rows = await self._rows(sql.GRANTS, {"portal_id": portal_id})
        found = {each.account: each for each in (grant_of(row, self._box) for row in rows)}
        return list(
            (found | {account: each for (of, account), each in self._grants.items() if of == portal_id}).values()
        )

    def keep(self, grant: Grant) -> None:
        """Note tokens, instead of those that the same person let us keep before."""
        self._grants[grant.portal_id, grant.account] = grant
        values = {
            "portal_id": grant.portal_id,
            "account": clean(grant.account),
            "purposes": " ".join(sorted(each.value for each in grant.purposes)),
            "pair": sealed_pair(self._box, grant.portal_id, grant.account, grant.pair),
            "refreshed_at": millis(grant.refreshed_at),
            "is_lost": grant.is_lost,
            "version": grant.version,
            "holder": "",
            "held_until": 0,
        }
        self._note(sql.PUT_GRANT, values)

    def drop_grants(self, portal_id: int, account: str | None = None) -> None:
        """Note that the tokens of a portal, or of one person there, are kept no longer."""
        values: dict[str, Any] = {"the_portal_id": portal_id}
        if account is None:
            self._note(sql.DROP_GRANTS, values)
        else:
            self._note(sql.DROP_GRANT, values | {"the_account": account})

    # Companies and hosts

    async def portal_of_company(self, member_id: str) -> Portal | None:
        """Return the tenant of a company, by its permanent id."""
        return await self._portal(Read(sql.PORTAL_BY_MEMBER, {"member_id": clean(member_id)}))

    async def portal_at(self, host: str) -> Portal | None:
        """Return the tenant that was last reached under a host; that proves nothing about who is there now."""
        return await self._portal(Read(sql.PORTAL_BY_HOST, {"host": clean(host)}))

    async def _portal(self, read: Read) -> Portal | None:
        (rows,) = await self._engine.read([read])
        return portal_of(rows[0]) if rows else None

    def name_company(self, portal_id: int, member_id: str) -> None:
        """Note which company a tenant is; whichever tenant was that before is none any more."""
        values = {"the_id": portal_id, "the_member_id": clean(member_id)}
        self._note(sql.LEAVE_COMPANY, values)
        self._note(sql.NAME_COMPANY, values, 1)

    def point(self, host: str, portal_id: int, now: datetime) -> None:
        """Note that a host is this tenant's; whichever tenant had it before has it no more."""
        self._note(sql.PUT_HOST, {"host": clean(host.lower()), "portal_id": portal_id, "since": millis(now)})

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()
        self._grants.clear()

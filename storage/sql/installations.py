"""Statements about the application on portals: installations, hosts and tokens."""

from typing import Any

from sqlalchemy import and_, delete, null, or_, select, update

from storage.engines.statement import Statement, excluded, flag, number, text_of
from storage.schema import installation, portal, portal_grant, portal_host
from storage.sql.duties import DatabaseNow
from storage.sql.people import OF_PORTAL

INSTALLATION = Statement(
    "installation", lambda _: select(*installation.c).where(installation.c.portal_id == number("portal_id"))
)
INSTALLATIONS = Statement(
    "installations",
    lambda _: (
        select(*OF_PORTAL, *installation.c)
        .select_from(portal.join(installation, installation.c.portal_id == portal.c.id))
        .order_by(portal.c.key)
    ),
)
INSTALLATION_BY_KEY = Statement(
    "installation by key",
    lambda _: (
        select(*OF_PORTAL, *installation.c)
        .select_from(portal.join(installation, installation.c.portal_id == portal.c.id))
        .where(portal.c.key == text_of("key"))
    ),
)
INSTALLATION_AT = len(OF_PORTAL)
"""Where the installation's columns begin behind its portal's."""


def _put_installation(insert: Any) -> Any:
    statement = insert(installation)
    return statement.on_conflict_do_update(index_elements=["portal_id"], set_=excluded(statement, "portal_id"))


PUT_INSTALLATION = Statement("put installation", _put_installation, rank=14, lock="portal_id")
MARK_INSTALLATION = Statement(
    "mark installation",
    lambda _: (
        update(installation)
        .where(installation.c.portal_id == number("the_portal_id"))
        .values(
            state=text_of("state"),
            trouble=text_of("trouble"),
            trouble_since=number("trouble_since"),
        )
    ),
    rank=15,
    lock="the_portal_id",
)
MOVE_INSTALLATION = Statement(
    "move installation",
    lambda _: (
        update(installation)
        .where(installation.c.portal_id == number("the_portal_id"))
        .values(client_endpoint=text_of("client_endpoint"))
    ),
    rank=15,
    lock="the_portal_id",
)
DROP_INSTALLATION = Statement(
    "drop installation",
    lambda _: delete(installation).where(installation.c.portal_id == number("the_portal_id")),
    rank=16,
    many=True,
)

PORTAL_BY_MEMBER = Statement(
    "portal by company", lambda _: select(*OF_PORTAL).where(portal.c.member_id == text_of("member_id"))
)
LEAVE_COMPANY = Statement(
    "leave company",
    lambda _: (
        update(portal)
        .where(portal.c.member_id == text_of("the_member_id"), portal.c.id != number("the_id"))
        .values(member_id=null())
    ),
    rank=12,
    many=True,
)
NAME_COMPANY = Statement(
    "name company",
    lambda _: update(portal).where(portal.c.id == number("the_id")).values(member_id=text_of("the_member_id")),
    rank=13,
    lock="the_id",
    key="the_id",
)
PORTAL_BY_HOST = Statement(
    "portal by host",
    lambda _: (
        select(*OF_PORTAL)
        .select_from(portal.join(portal_host, portal_host.c.portal_id == portal.c.id))
        .where(portal_host.c.host == text_of("host"))
    ),
)


def _put_host(insert: Any) -> Any:
    statement = insert(portal_host)
    return statement.on_conflict_do_update(index_elements=["host"], set_=excluded(statement, "host"))


PUT_HOST = Statement("put host", _put_host, rank=17, lock="host")

_THE_GRANT = (
    portal_grant.c.portal_id == number("the_portal_id"),
    portal_grant.c.account == text_of("the_account"),
)
GRANTS = Statement(
    "grants",
    lambda _: (
        select(*portal_grant.c).where(portal_grant.c.portal_id == number("portal_id")).order_by(portal_grant.c.account)
    ),
)
STALE_GRANTS = Statement(
    "stale grants",
    lambda _: (
        select(portal.c.key, *portal_grant.c)
        .select_from(portal_grant.join(portal, portal.c.id == portal_grant.c.portal_id))
        .where(
            portal_grant.c.refreshed_at <= number("before"),
            portal_grant.c.is_lost == flag("is_lost"),
            or_(
                portal_grant.c.portal_id > number("after_portal"),
                and_(
                    portal_grant.c.portal_id == number("after_portal"),
                    portal_grant.c.account > text_of("after_account"),
                ),
            ),
        )
        .order_by(portal_grant.c.portal_id, portal_grant.c.account)
        .limit(number("size"))
    ),
)

GRANTS_FOR = Statement(
    "grants for a purpose",
    lambda _: (
        select(portal.c.key, portal_grant.c.portal_id, portal_grant.c.account)
        .select_from(portal_grant.join(portal, portal.c.id == portal_grant.c.portal_id))
        .where(portal_grant.c.purposes.like(text_of("purpose")), portal_grant.c.is_lost == flag("is_lost"))
        .order_by(portal_grant.c.portal_id, portal_grant.c.account)
    ),
)


def _put_grant(insert: Any) -> Any:
    statement = insert(portal_grant)
    changed = excluded(statement, "portal_id", "account", "version")
    changed["version"] = portal_grant.c.version + 1
    return statement.on_conflict_do_update(index_elements=["portal_id", "account"], set_=changed)


PUT_GRANT = Statement("put grant", _put_grant, rank=18, lock="account")
DROP_GRANTS = Statement("drop grants", lambda _: delete(portal_grant).where(_THE_GRANT[0]), rank=16, many=True)
DROP_GRANT = Statement("drop grant", lambda _: delete(portal_grant).where(*_THE_GRANT), rank=16, many=True)
CLAIM_GRANT = Statement(
    "claim grant",
    lambda _: (
        update(portal_grant)
        .where(
            *_THE_GRANT,
            portal_grant.c.version == number("seen"),
            portal_grant.c.is_lost == flag("is_lost"),
            or_(portal_grant.c.held_until <= DatabaseNow(), portal_grant.c.holder == text_of("the_holder")),
        )
        .values(holder=text_of("the_holder"), held_until=DatabaseNow() + number("lasts"))
        .returning(portal_grant.c.version)
    ),
    rank=18,
    lock="the_account",
    gives=True,
)
RENEW_GRANT = Statement(
    "renew grant",
    lambda _: (
        update(portal_grant)
        .where(*_THE_GRANT, portal_grant.c.version == number("seen"))
        .values(
            pair=text_of("sealed"),
            refreshed_at=number("now"),
            version=portal_grant.c.version + 1,
            holder="",
            held_until=0,
            is_lost=flag("is_lost"),
        )
    ),
    rank=18,
    lock="the_account",
    many=True,
)
LOSE_GRANT = Statement(
    "lose grant",
    lambda _: (
        update(portal_grant)
        .where(*_THE_GRANT, portal_grant.c.version == number("seen"))
        .values(is_lost=flag("is_lost"), holder="", held_until=0)
    ),
    rank=18,
    lock="the_account",
    many=True,
)
RELEASE_GRANT = Statement(
    "release grant",
    lambda _: (
        update(portal_grant)
        .where(*_THE_GRANT, portal_grant.c.holder == text_of("the_holder"))
        .values(holder="", held_until=0)
    ),
    rank=18,
    lock="the_account",
    many=True,
)

SEALED_TOKENS = Statement(
    "sealed application tokens",
    lambda _: select(installation.c.portal_id, installation.c.application_token).order_by(installation.c.portal_id),
)
SEALED_PAIRS = Statement(
    "sealed pairs",
    lambda _: select(portal_grant.c.portal_id, portal_grant.c.account, portal_grant.c.pair).order_by(
        portal_grant.c.portal_id, portal_grant.c.account
    ),
)
RESEAL_TOKEN = Statement(
    "reseal application token",
    lambda _: (
        update(installation)
        .where(
            installation.c.portal_id == number("the_portal_id"), installation.c.application_token == text_of("former")
        )
        .values(application_token=text_of("sealed"))
    ),
    rank=15,
    many=True,
)
RESEAL_PAIR = Statement(
    "reseal pair",
    lambda _: (
        update(portal_grant).where(*_THE_GRANT, portal_grant.c.pair == text_of("former")).values(pair=text_of("sealed"))
    ),
    rank=18,
    many=True,
)

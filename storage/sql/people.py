"""Statements about portals, employees and their identities.

A person is read in one statement: a row for each identity, with the employee and the portal before it.
"""

from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.domain.people.employee import BESIDE
from storage.engines.statement import Statement, flag, number, parameters, text_of, word
from storage.schema import api_key, employee, identity, portal, work_session

OF_PORTAL = tuple(portal.c)
_OF_EMPLOYEE = tuple(employee.c)
_other = identity.alias("other")
_OF_IDENTITY = tuple(_other.c)

EMPLOYEE_AT = len(OF_PORTAL)
"""Where the employee's columns begin in a person's row."""
IDENTITY_AT = EMPLOYEE_AT + len(_OF_EMPLOYEE)
"""Where the identity's columns begin in a person's row; None there means no identity at all."""
SESSION_AT = IDENTITY_AT + len(_OF_IDENTITY)
"""Where the session's columns begin in a row of who is present."""


OF_PEOPLE = (*OF_PORTAL, *_OF_EMPLOYEE, *_OF_IDENTITY)
"""The columns of a person's row."""


def _people(*more: Any) -> Any:
    return select(*OF_PEOPLE, *more)


PERSON = employee.join(portal, portal.c.id == employee.c.portal_id).outerjoin(
    _other, _other.c.employee_id == employee.c.id
)

PERSON_BY_IDENTITY = Statement(
    "person by identity",
    lambda _: (
        _people()
        .select_from(identity.join(PERSON, employee.c.id == identity.c.employee_id))
        .where(
            identity.c.channel == text_of("channel"),
            identity.c.realm == text_of("realm"),
            identity.c.account == text_of("account"),
        )
        .order_by(_other.c.channel)
    ),
)
PEOPLE_OF_ACCOUNT = Statement(
    "people of an account",
    lambda _: (
        _people()
        .select_from(identity.join(PERSON, employee.c.id == identity.c.employee_id))
        .where(
            identity.c.channel == text_of("channel"),
            identity.c.account == text_of("account"),
            or_(identity.c.realm == word(""), identity.c.realm.like(word(f"{BESIDE}%"))),
        )
        .order_by(identity.c.realm, _other.c.channel)
    ),
)
"""Whoever an account is in its companies, where a messenger has one realm for all of them."""
PERSON_BY_ID = Statement(
    "person by id",
    lambda _: (
        _people()
        .select_from(PERSON)
        .where(employee.c.id == number("employee_id"), employee.c.portal_id == number("portal_id"))
        .order_by(_other.c.channel)
    ),
)
PERSON_BY_KEY = Statement(
    "person by key",
    lambda _: (
        _people()
        .select_from(PERSON.join(api_key, api_key.c.owner_id == employee.c.id))
        .where(api_key.c.hash == text_of("hash"))
        .order_by(_other.c.channel)
    ),
)
PEOPLE_OF_PORTAL = Statement(
    "people of portal",
    lambda _: (
        _people()
        .select_from(PERSON)
        .where(employee.c.portal_id == number("portal_id"))
        .order_by(employee.c.name, employee.c.id, _other.c.channel)
    ),
)
PRESENT = Statement(
    "who is present",
    lambda _: (
        _people(*work_session.c)
        .select_from(work_session.join(PERSON, employee.c.id == work_session.c.employee_id))
        .where(work_session.c.portal_id == number("portal_id"), work_session.c.ended_at.is_(None))
        .order_by(work_session.c.started_at, employee.c.id, _other.c.channel)
    ),
)

PORTAL_BY_ID = Statement("portal by id", lambda _: select(*OF_PORTAL).where(portal.c.id == number("portal_id")))
PORTALS = Statement("portals", lambda _: select(*OF_PORTAL))
PORTAL_BY_KEY = Statement("portal by key", lambda _: select(*OF_PORTAL).where(portal.c.key == text_of("key")))
ACTIVE_PORTALS = Statement(
    "active portals", lambda _: select(*OF_PORTAL).where(portal.c.is_active == flag("is_active")).order_by(portal.c.id)
)

ADD_PORTAL = Statement("add portal", lambda insert: insert(portal), rank=10, lock="id")
PUT_PORTAL = Statement(
    "put portal",
    lambda _: (
        update(portal)
        .where(portal.c.id == number("the_id"))
        .values(parameters(portal, "id", "lock_version", "member_id", "is_heard"))
    ),
    rank=11,
    lock="the_id",
    key="the_id",
)

ADD_EMPLOYEE = Statement("add employee", lambda insert: insert(employee), rank=20, lock="id")
PUT_EMPLOYEE = Statement(
    "put employee",
    lambda _: (
        update(employee)
        .where(
            employee.c.id == number("the_id"),
            employee.c.portal_id == number("the_portal_id"),
            employee.c.version == number("expected"),
        )
        .values({**parameters(employee, "id", "portal_id", "version"), "version": employee.c.version + 1})
    ),
    rank=21,
    lock="the_id",
    key="the_id",
)
TOUCH_EMPLOYEE = Statement(
    "touch employee",
    lambda _: (
        update(employee)
        .where(
            employee.c.id == number("the_id"),
            employee.c.portal_id == number("the_portal_id"),
            employee.c.version == number("expected"),
        )
        .values(version=employee.c.version + 1)
    ),
    rank=22,
    lock="the_id",
    key="the_id",
)

_THE_IDENTITY = (
    identity.c.channel == text_of("the_channel"),
    identity.c.realm == text_of("the_realm"),
    identity.c.account == text_of("the_account"),
    identity.c.employee_id == number("the_employee_id"),
)
REMOVE_IDENTITY = Statement(
    "remove identity", lambda _: delete(identity).where(*_THE_IDENTITY), rank=30, lock="the_account", key="the_account"
)
ADD_IDENTITY = Statement("add identity", lambda insert: insert(identity), rank=31, lock="account")
PUT_REACHABLE = Statement(
    "put reachable",
    lambda _: (
        update(identity)
        .where(*_THE_IDENTITY)
        .values(conversation=text_of("conversation"), is_reachable=flag("is_reachable"))
    ),
    rank=32,
    lock="the_account",
)
PUT_CHOSEN = Statement(
    "put chosen company",
    lambda _: (
        update(identity).where(*_THE_IDENTITY).values(chosen_id=number("chosen_id"), spoken_at=number("spoken_at"))
    ),
    rank=33,
    lock="the_account",
)
COME_FIRST = Statement(
    "company comes first",
    lambda _: (
        update(identity)
        .where(*_THE_IDENTITY)
        .values(realm=word(""), chosen_id=number("chosen_id"), spoken_at=number("spoken_at"))
    ),
    rank=34,
    lock="the_account",
    key="the_account",
)

"""Statements about the service itself: the vault, the audit trail, and whether the database answers."""

from typing import Any

from sqlalchemy import and_, or_, select, update

from storage.engines.statement import Statement, number, text_of, whole
from storage.schema import audit, vault

GET_VALUE = Statement(
    "vault value", lambda _: select(vault.c.value, vault.c.is_secret).where(vault.c.name == text_of("name"))
)

SECRET_VALUES = Statement(
    "sealed vault values", lambda _: select(vault.c.name, vault.c.value).where(vault.c.is_secret).order_by(vault.c.name)
)


def _put_value(insert: Any) -> Any:
    statement = insert(vault)
    changed = {name: statement.excluded[name] for name in ("value", "is_secret")}
    return statement.on_conflict_do_update(index_elements=["name"], set_=changed)


PUT_VALUE = Statement("put vault value", _put_value, rank=89, lock="name")
RESEAL_VALUE = Statement(
    "reseal vault value",
    lambda _: (
        update(vault)
        .where(vault.c.name == text_of("the_name"), vault.c.value == text_of("former"))
        .values(value=text_of("sealed"))
    ),
    rank=89,
    many=True,
)
ADD_AUDIT = Statement("add audit", lambda insert: insert(audit), rank=88)
_EARLIER = or_(audit.c.at < number("at"), and_(audit.c.at == number("at"), audit.c.id < number("row_id")))


def _page(*of: Any) -> Any:
    newest = (audit.c.at.desc(), audit.c.id.desc())
    its = (audit.c.portal_id == number("portal_id"), audit.c.at <= number("at"), _EARLIER, *of)
    return select(*audit.c).where(*its).order_by(*newest).limit(number("size"))


AUDIT_PAGE = Statement("page of the record", lambda _: _page())
AUDIT_PAGE_OF = Statement(
    "page of a person's record",
    lambda _: _page(or_(audit.c.actor_id == number("person_id"), audit.c.subject_id == number("person_id"))),
)
PING = Statement("ping", lambda _: select(whole(1)))

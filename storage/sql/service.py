"""Statements about the service itself: the vault, the audit trail, and whether the database answers."""

from typing import Any

from sqlalchemy import select, update

from storage.engines.statement import Statement, text_of, whole
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
PING = Statement("ping", lambda _: select(whole(1)))

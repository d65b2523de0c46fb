"""Statements about the service itself: the vault, the audit trail, and whether the database answers."""

from typing import Any

from sqlalchemy import select

from storage.schema import audit, vault
from storage.statement import Statement, text_of, whole

GET_VALUE = Statement(
    "vault value", lambda _: select(vault.c.value, vault.c.is_secret).where(vault.c.name == text_of("name"))
)


def _put_value(insert: Any) -> Any:
    statement = insert(vault)
    changed = {name: statement.excluded[name] for name in ("value", "is_secret")}
    return statement.on_conflict_do_update(index_elements=["name"], set_=changed)


PUT_VALUE = Statement("put vault value", _put_value, rank=89, lock="name")
ADD_AUDIT = Statement("add audit", lambda insert: insert(audit), rank=88)
PING = Statement("ping", lambda _: select(whole(1)))

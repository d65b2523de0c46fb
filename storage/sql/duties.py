"""Statements about duties: leases by the clock of the database, since those of its processes may differ."""

from typing import Any

from sqlalchemy import BigInteger, delete, or_, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.engines.statement import Statement, number, text_of
from storage.schema import duty


class DatabaseNow(FunctionElement[int]):
    """The database's clock at the moment of the statement, in milliseconds."""

    type = BigInteger()
    inherit_cache = True


@compiles(DatabaseNow, "sqlite")
def _of_sqlite(*_: Any, **__: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(DatabaseNow, "postgresql")
def _of_postgres(*_: Any, **__: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


def _claim(insert: Any) -> Any:
    statement = insert(duty).values(
        name=text_of("name"), holder=text_of("holder"), held_until=DatabaseNow() + number("lasts")
    )
    is_free = or_(duty.c.holder == statement.excluded.holder, duty.c.held_until <= DatabaseNow())
    changed = {"holder": statement.excluded.holder, "held_until": statement.excluded.held_until}
    return statement.on_conflict_do_update(index_elements=["name"], set_=changed, where=is_free).returning(duty.c.name)


HELD_BY_ANOTHER = Statement(
    "duty of another",
    lambda _: select(duty.c.holder).where(
        duty.c.name == text_of("name"), duty.c.holder != text_of("holder"), duty.c.held_until > DatabaseNow()
    ),
)
CLAIM_DUTY = Statement("claim duty", _claim, rank=87, lock="name", gives=True)
RENEW_DUTY = Statement(
    "renew duty",
    lambda _: (
        update(duty)
        .where(
            duty.c.name == text_of("the_name"),
            duty.c.holder == text_of("the_holder"),
            duty.c.held_until > DatabaseNow(),
        )
        .values(held_until=DatabaseNow() + number("lasts"))
        .returning(duty.c.name)
    ),
    rank=87,
    lock="the_name",
    gives=True,
)
RENEW_DUTIES = Statement(
    "renew duties",
    lambda _: (
        update(duty)
        .where(duty.c.holder == text_of("the_holder"), duty.c.held_until > DatabaseNow())
        .values(held_until=DatabaseNow() + number("lasts"))
        .returning(duty.c.name)
    ),
    rank=87,
    gives=True,
)
"""One statement for all, however many portals a process serves."""
RELEASE_DUTY = Statement(
    "release duty",
    lambda _: delete(duty).where(duty.c.name == text_of("the_name"), duty.c.holder == text_of("the_holder")),
    rank=87,
    many=True,
)
RELEASE_DUTIES = Statement("release duties", lambda _: delete(duty))
RELEASE_OWN_DUTIES = Statement(
    "release own duties", lambda _: delete(duty).where(duty.c.holder == text_of("the_worker"))
)

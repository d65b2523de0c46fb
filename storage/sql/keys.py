"""Statements about keys of the API, and about what was answered to calls that may be repeated."""

from sqlalchemy import delete, select, update

from storage.engines.statement import Statement, number, text_of
from storage.schema import api_key, api_repeat

KEY_BY_HASH = Statement("api key by hash", lambda _: select(*api_key.c).where(api_key.c.hash == text_of("hash")))
KEY_BY_ID = Statement(
    "api key by id",
    lambda _: select(*api_key.c).where(api_key.c.id == number("key_id"), api_key.c.portal_id == number("portal_id")),
)
KEYS_OF_PORTAL = Statement(
    "api keys of a portal",
    lambda _: select(*api_key.c).where(api_key.c.portal_id == number("portal_id")).order_by(api_key.c.id.desc()),
)
ADD_KEY = Statement("add api key", lambda insert: insert(api_key), rank=108, lock="id")
PUT_KEY = Statement(
    "put api key",
    lambda _: (
        update(api_key)
        .where(api_key.c.id == number("the_id"), api_key.c.portal_id == number("the_portal_id"))
        .values(expires_at=number("expires_at"), used_on=text_of("used_on"), revoked_at=number("revoked_at"))
    ),
    rank=109,
    lock="the_id",
    key="the_id",
)
REPEAT = Statement(
    "what was answered",
    lambda _: select(*api_repeat.c).where(
        api_repeat.c.place == text_of("place"), api_repeat.c.portal_id == number("portal_id")
    ),
)
ADD_REPEAT = Statement("add what was answered", lambda insert: insert(api_repeat), rank=9, lock="place")
"""Before everything else: of two that do the same at once the second learns it before it has done anything."""
DROP_OLD_REPEATS = Statement(
    "drop old answers", lambda _: delete(api_repeat).where(api_repeat.c.at < number("before")), many=True
)

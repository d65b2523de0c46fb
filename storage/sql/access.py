"""Statements about sessions of the web application, and the one-time links that begin them."""

from sqlalchemy import delete, or_, select, update

from storage.engines.statement import Statement, number, text_of
from storage.schema import entrance, sign_in, web_session

SESSION = Statement(
    "web session", lambda _: select(*web_session.c).where(web_session.c.token_hash == text_of("token_hash"))
)
SESSION_BY_ID = Statement(
    "web session by id",
    lambda _: select(*web_session.c).where(
        web_session.c.portal_id == number("portal_id"), web_session.c.id == number("id")
    ),
)
SESSIONS_OF = Statement(
    "web sessions of a person",
    lambda _: (
        select(*web_session.c)
        .where(
            web_session.c.portal_id == number("portal_id"),
            web_session.c.employee_id == number("employee_id"),
            web_session.c.ended_at.is_(None),
        )
        .order_by(web_session.c.id.desc())
    ),
)
SIGN_IN = Statement(
    "sign-in",
    lambda _: select(*sign_in.c).where(
        or_(sign_in.c.token_hash == text_of("either_hash"), sign_in.c.code_hash == text_of("either_hash")),
        sign_in.c.used_at.is_(None),
    ),
)
ADD_SESSION = Statement("add web session", lambda insert: insert(web_session), rank=70)
SEEN = Statement(
    "web session seen",
    lambda _: (
        update(web_session)
        .where(web_session.c.portal_id == number("the_portal_id"), web_session.c.id == number("the_id"))
        .values(seen_at=number("seen_at"))
    ),
    rank=71,
    lock="the_id",
    many=True,
)
END_SESSION = Statement(
    "end web session",
    lambda _: (
        update(web_session)
        .where(
            web_session.c.portal_id == number("the_portal_id"),
            web_session.c.id == number("the_id"),
            web_session.c.ended_at.is_(None),
        )
        .values(ended_at=number("ended_at"))
    ),
    rank=72,
    lock="the_id",
    many=True,
)
END_SESSIONS = Statement(
    "end web sessions",
    lambda _: (
        update(web_session)
        .where(
            web_session.c.portal_id == number("the_portal_id"),
            web_session.c.employee_id == number("the_employee_id"),
            web_session.c.ended_at.is_(None),
        )
        .values(ended_at=number("ended_at"))
    ),
    rank=73,
    lock="the_employee_id",
    many=True,
)
DROP_SIGN_INS = Statement(
    "drop sign-ins of a person",
    lambda _: delete(sign_in).where(
        sign_in.c.portal_id == number("the_portal_id"),
        sign_in.c.employee_id == number("the_employee_id"),
        sign_in.c.used_at.is_(None),
    ),
    rank=74,
    lock="the_employee_id",
    many=True,
)
END_SESSIONS_OF_PORTAL = Statement(
    "end web sessions of a portal",
    lambda _: (
        update(web_session)
        .where(web_session.c.portal_id == number("the_portal_id"), web_session.c.ended_at.is_(None))
        .values(ended_at=number("ended_at"))
    ),
    rank=73,
    lock="the_portal_id",
    many=True,
)
DROP_SIGN_INS_OF_PORTAL = Statement(
    "drop sign-ins of a portal",
    lambda _: delete(sign_in).where(sign_in.c.portal_id == number("the_portal_id"), sign_in.c.used_at.is_(None)),
    rank=74,
    lock="the_portal_id",
    many=True,
)
ADD_SIGN_IN = Statement("add sign-in", lambda insert: insert(sign_in), rank=75)
USE_SIGN_IN = Statement(
    "use sign-in",
    lambda _: (
        update(sign_in)
        .where(sign_in.c.token_hash == text_of("the_token_hash"), sign_in.c.used_at.is_(None))
        .values(used_at=number("used_at"))
    ),
    rank=76,
    lock="the_token_hash",
    key="the_token_hash",
)
DROP_OLD_SESSIONS = Statement(
    "drop old web sessions", lambda _: delete(web_session).where(web_session.c.expires_at < number("before"))
)
DROP_OLD_SIGN_INS = Statement(
    "drop old sign-ins", lambda _: delete(sign_in).where(sign_in.c.expires_at < number("before"))
)
ENTRANCE = Statement("entrance", lambda _: select(*entrance.c).where(entrance.c.mark_hash == text_of("mark_hash")))
ADD_ENTRANCE = Statement("add entrance", lambda insert: insert(entrance), rank=77)
USE_ENTRANCE = Statement(
    "use entrance",
    lambda _: (
        update(entrance)
        .where(entrance.c.mark_hash == text_of("the_mark_hash"), entrance.c.used_at.is_(None))
        .values(used_at=number("used_at"))
    ),
    rank=78,
    lock="the_mark_hash",
    key="the_mark_hash",
)
BURN_ENTRANCES = Statement(
    "burn entrances of a session",
    lambda _: (
        update(entrance)
        .where(entrance.c.session_id == number("the_session_id"), entrance.c.used_at.is_(None))
        .values(used_at=number("used_at"))
    ),
    rank=79,
    lock="the_session_id",
    many=True,
)
DROP_OLD_ENTRANCES = Statement(
    "drop old entrances", lambda _: delete(entrance).where(entrance.c.expires_at < number("before"))
)

"""Statements about what happened: noted with what made it, and given a place in the feed after the commit.

Ids are made before a commit, so that a smaller one may become visible later than a greater one. Therefore what happened
has no place at first. Whoever gives places holds the row of the portal's head from before its look until its commit:
what it does not see yet gets a greater place from whoever comes next, and no reader passes anything by.
"""

from typing import Any

from sqlalchemy import and_, delete, not_, select, tuple_, update

from storage.engines.statement import Statement, flag, number, text_of, whole, word
from storage.schema import api_key, feed_head, happening, hook_delivery, portal, webhook
from storage.sql.tidying import last_of_page

ADD_HAPPENING = Statement(
    "add happening",
    lambda insert: insert(happening).on_conflict_do_nothing(index_elements=["id"]),
    rank=114,
    lock="id",
)


def _deliveries(insert: object, *conditions: object) -> object:
    """Note a message to each hook that wants it; what is off by then is told nothing."""
    columns = (
        "hook_id", "happening_id", "portal_id", "type", "lane", "state", "tries", "status", "reason", "created_at",
        "ended_at", "rests_until", "leased_until", "worker",
    )  # fmt: skip
    rows = select(
        webhook.c.id, number("id"), webhook.c.portal_id, text_of("type"), text_of("about"), word("waiting"), whole(0),
        whole(0), word(""), number("at"), number("none"), whole(0), whole(0), word(""),
    ).where(webhook.c.portal_id == number("portal_id"), webhook.c.is_on == flag("yes"), *conditions)  # type: ignore[arg-type]  # fmt: skip
    statement = insert(hook_delivery).from_select(columns, rows)  # type: ignore[operator]
    return statement.on_conflict_do_update(
        index_elements=["hook_id", "happening_id"],
        set_={"state": word("waiting"), "tries": whole(0), "ended_at": number("none"), "rests_until": whole(0)},
    )


TELL_HOOKS = Statement(
    "tell hooks",
    lambda insert: _deliveries(insert, (webhook.c.types == word("")) | webhook.c.types.like(text_of("pattern"))),
    rank=115,
    many=True,
)
TELL_HOOK = Statement(
    "tell hook", lambda insert: _deliveries(insert, webhook.c.id == number("hook_id")), rank=115, many=True
)

LOCK_HEAD = Statement(
    "lock feed head",
    lambda _: (
        update(feed_head)
        .where(feed_head.c.portal_id == number("the_portal_id"))
        .values(position=feed_head.c.position + whole(1))
    ),
    rank=116,
    lock="the_portal_id",
    many=True,
)
GIVE_PLACES = Statement(
    "give places in the feed",
    lambda _: (
        update(happening)
        .where(happening.c.portal_id == number("the_portal_id"), happening.c.position.is_(None))
        .values(
            position=select(feed_head.c.position)
            .where(feed_head.c.portal_id == number("the_portal_id"))
            .scalar_subquery()
        )
    ),
    rank=117,
    lock="the_portal_id",
    many=True,
)
NEW_HAPPENING = Statement(
    "new happening",
    lambda _: (
        select(happening.c.id)
        .where(happening.c.portal_id == number("portal_id"), happening.c.position.is_(None))
        .limit(whole(1))
    ),
)
HAPPENINGS_AFTER = Statement(
    "happenings after",
    lambda _: (
        select(*happening.c)
        .where(
            happening.c.portal_id == number("portal_id"),
            tuple_(happening.c.position, happening.c.id) > tuple_(number("position"), number("id")),
            happening.c.id > number("since"),
        )
        .order_by(happening.c.position, happening.c.id)
        .limit(number("size"))
    ),
)
HAPPENING = Statement("happening", lambda _: select(*happening.c).where(happening.c.id == number("happening_id")))

HEAR_PORTAL = Statement(
    "hear portal",
    lambda _: (
        update(portal)
        .where(portal.c.id == number("the_portal_id"), portal.c.is_heard == flag("no"))
        .values(is_heard=flag("yes"))
    ),
    rank=11,
    lock="the_portal_id",
    many=True,
)
ADD_HEAD = Statement(
    "add feed head",
    lambda insert: insert(feed_head).on_conflict_do_nothing(index_elements=["portal_id"]),
    rank=113,
    lock="portal_id",
)


def _unheard() -> object:
    """Return the condition that nobody wants to know what happens on a portal any more."""
    keys = select(api_key.c.id).where(
        api_key.c.portal_id == portal.c.id, api_key.c.revoked_at.is_(None), api_key.c.expires_at > number("now")
    )
    hooks = select(webhook.c.id).where(webhook.c.portal_id == portal.c.id)
    return ~keys.correlate(portal).exists() & ~hooks.correlate(portal).exists()


NOT_HEARD = Statement(
    "portals not heard",
    lambda _: update(portal).where(portal.c.is_heard == flag("yes"), _unheard()).values(is_heard=flag("no")),  # type: ignore[arg-type]
    rank=11,
    many=True,
)


def _outcome_waits(*conditions: object) -> Any:
    """Return the condition that a hook is still to be told what came of a request, whenever that was noted."""
    return and_(
        hook_delivery.c.state == word("waiting"),
        hook_delivery.c.type == word("request.outcome"),
        *conditions,  # type: ignore[arg-type]
    )


OLD_HAPPENINGS = Statement(
    "old happenings",
    lambda _: last_of_page([happening.c.id], happening.c.id > number("id"), happening.c.id < number("before")),
)
DROP_HAPPENINGS = Statement(
    "drop old happenings",
    lambda _: delete(happening).where(
        happening.c.id > number("id"),
        happening.c.id <= number("to_id"),
        ~select(hook_delivery.c.hook_id)
        .where(_outcome_waits(hook_delivery.c.happening_id == happening.c.id))
        .correlate(happening)
        .exists(),
    ),
    many=True,
)
"""What came of a request is kept for as long as it waits to be told: an effect waits for it."""
DROP_DELIVERIES = Statement(
    "drop old deliveries",
    lambda _: delete(hook_delivery).where(hook_delivery.c.happening_id < number("before"), not_(_outcome_waits())),
    rank=113,
    many=True,
)

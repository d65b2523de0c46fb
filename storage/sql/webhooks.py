"""Statements about webhooks: where programs are told what happens, and what waits to be told.

Of an object only the first message that waits may be claimed by a hook's sender, and none while one is on lease.
`tries` grows with each claim, so it is the token by which a late sender is told from the one that took over.
"""

from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from storage.engines.statement import Statement, flag, number, text_of, whole, word
from storage.schema import hook_delivery, portal, webhook

_OWN = (webhook.c.portal_id == number("portal_id"),)

WEBHOOK = Statement("webhook", lambda _: select(*webhook.c).where(*_OWN, webhook.c.id == number("hook_id")))
WEBHOOK_BY_NAME = Statement(
    "webhook by name", lambda _: select(*webhook.c).where(*_OWN, webhook.c.name == text_of("name"))
)
WEBHOOKS = Statement("webhooks of a portal", lambda _: select(*webhook.c).where(*_OWN).order_by(webhook.c.name))
ADD_WEBHOOK = Statement("add webhook", lambda insert: insert(webhook), rank=111, lock="id")
_SET = ("name", "url", "types", "detail", "secret", "former", "why_off")
PUT_WEBHOOK = Statement(
    "put webhook",
    lambda _: (
        update(webhook)
        .where(webhook.c.id == number("the_id"), webhook.c.version == number("seen"))
        .values(
            {name: text_of(name) for name in _SET}
            | {
                "former_until": number("former_until"),
                "is_on": flag("is_on"),
                "failing_since": number("failing_since"),
                "version": webhook.c.version + whole(1),
            }
        )
    ),
    rank=112,
    lock="the_id",
    key="the_id",
)
DROP_WEBHOOK = Statement(
    "drop webhook",
    lambda _: delete(webhook).where(webhook.c.id == number("the_id"), webhook.c.portal_id == number("the_portal_id")),
    rank=112,
    lock="the_id",
    key="the_id",
)
DROP_ITS_DELIVERIES = Statement(
    "drop deliveries of a webhook",
    lambda _: delete(hook_delivery).where(hook_delivery.c.hook_id == number("the_hook_id")),
    rank=118,
    many=True,
)
WORKS = Statement(
    "webhook works",
    lambda _: (
        update(webhook)
        .where(
            webhook.c.id == number("the_id"),
            or_(
                webhook.c.failing_since.is_not(None),
                webhook.c.succeeded_at.is_(None),
                webhook.c.succeeded_at < number("before"),
            ),
        )
        .values(failing_since=number("none"), succeeded_at=number("at"))
    ),
    rank=112,
    lock="the_id",
    many=True,
)
"""Noted once a minute: a busy hook's row is not written at each message."""
FAILS = Statement(
    "webhook fails",
    lambda _: (
        update(webhook)
        .where(webhook.c.id == number("the_id"), webhook.c.failing_since.is_(None))
        .values(failing_since=number("at"))
    ),
    rank=112,
    lock="the_id",
    many=True,
)

DELIVERIES = Statement(
    "deliveries of a webhook",
    lambda _: (
        select(*hook_delivery.c)
        .where(
            hook_delivery.c.hook_id == number("hook_id"),
            hook_delivery.c.portal_id == number("portal_id"),
            hook_delivery.c.happening_id < number("before"),
        )
        .order_by(hook_delivery.c.happening_id.desc())
        .limit(number("size"))
    ),
)
OUTCOMES_WAITING = Statement(
    "outcomes that wait for a webhook",
    lambda _: select(*hook_delivery.c).where(
        hook_delivery.c.hook_id == number("hook_id"),
        hook_delivery.c.state == word("waiting"),
        hook_delivery.c.type == word("request.outcome"),
    ),
)
SEND_AGAIN = Statement(
    "send to a webhook again",
    lambda _: (
        update(hook_delivery)
        .where(
            hook_delivery.c.hook_id == number("the_hook_id"),
            hook_delivery.c.happening_id == number("the_happening_id"),
            hook_delivery.c.portal_id == number("the_portal_id"),
            hook_delivery.c.state == word("failed"),
        )
        .values(state=word("waiting"), tries=whole(0), rests_until=whole(0), ended_at=number("none"))
    ),
    rank=118,
    lock="the_happening_id",
    key="the_happening_id",
)


def _first(*conditions: Any) -> Any:
    """Return which messages may be sent now: of each object the first that waits, while none of it is on its way."""
    row, other, leased = (hook_delivery.alias(name) for name in ("waiting_row", "lane_row", "leased"))

    def same(them: Any) -> tuple[Any, ...]:
        return (them.c.hook_id == row.c.hook_id, them.c.state == word("waiting"), them.c.lane == row.c.lane)

    first = select(func.min(other.c.happening_id)).where(*same(other)).correlate(row).scalar_subquery()
    lease = select(func.max(leased.c.leased_until)).where(*same(leased)).correlate(row).scalar_subquery()
    return row, (
        row.c.state == word("waiting"),
        row.c.rests_until <= number("now"),
        row.c.leased_until <= number("now"),
        row.c.happening_id == first,
        lease <= number("now"),
        *conditions,
    )


def _due(_: Any) -> Any:
    """Step from hook to hook through the index, for what waits in between may be very much.

    A portal that sleeps has nobody who asked for it to be told.
    """

    def least(*conditions: Any) -> Any:
        its = select(func.min(hook_delivery.c.hook_id).label("hook_id"))
        return its.where(hook_delivery.c.state == word("waiting"), *conditions)

    chosen = least().cte("chosen_hook", recursive=True)
    after = least(hook_delivery.c.hook_id > chosen.c.hook_id).correlate(chosen).scalar_subquery()
    chosen = chosen.union_all(select(after).where(chosen.c.hook_id.is_not(None)))
    row, conditions = _first()
    free = select(row.c.hook_id).where(row.c.hook_id == webhook.c.id, *conditions).correlate(webhook).exists()
    return select(*webhook.c).where(
        webhook.c.id.in_(select(chosen.c.hook_id).where(chosen.c.hook_id.is_not(None))),
        webhook.c.is_on == flag("yes"),
        select(portal.c.id).where(portal.c.id == webhook.c.portal_id, portal.c.is_active == flag("yes")).exists(),
        free,
    )


HOOKS_DUE = Statement("webhooks to be told", _due)


def _claim(_: Any) -> Any:
    row, conditions = _first()
    chosen = (
        select(row.c.hook_id, row.c.happening_id)
        .where(row.c.hook_id == number("the_hook_id"), *conditions)
        .order_by(row.c.happening_id)
        .limit(number("size"))
        .with_for_update(skip_locked=True, of=row)
        .cte("chosen")
    )
    return (
        update(hook_delivery)
        .where(
            hook_delivery.c.hook_id == number("the_hook_id"),
            hook_delivery.c.happening_id.in_(select(chosen.c.happening_id)),
        )
        .values(leased_until=number("until"), worker=text_of("worker"), tries=hook_delivery.c.tries + whole(1))
        .returning(hook_delivery.c.happening_id, hook_delivery.c.tries)
    )


CLAIM_DELIVERIES = Statement("claim deliveries", _claim, rank=94, gives=True)
DELIVERY_STANDS = Statement(
    "delivery stands",
    lambda _: (
        update(hook_delivery)
        .where(
            hook_delivery.c.hook_id == number("the_hook_id"),
            hook_delivery.c.happening_id == number("the_happening_id"),
            hook_delivery.c.tries == number("token"),
            hook_delivery.c.state == word("waiting"),
        )
        .values(
            state=text_of("state"),
            status=number("status"),
            reason=text_of("reason"),
            ended_at=number("ended_at"),
            rests_until=number("rests_until"),
            leased_until=whole(0),
            worker=word(""),
        )
    ),
    rank=118,
    lock="the_happening_id",
    many=True,
)


def _released(*conditions: Any) -> Any:
    return (
        update(hook_delivery)
        .where(and_(hook_delivery.c.state == word("waiting"), hook_delivery.c.leased_until > whole(0)), *conditions)
        .values(leased_until=whole(0), worker=word(""))
    )


RELEASE_DELIVERIES = Statement("release deliveries", lambda _: _released())
RELEASE_OWN_DELIVERIES = Statement(
    "release own deliveries", lambda _: _released(hook_delivery.c.worker == text_of("the_worker"))
)

SECRETS = Statement("sealed webhook secrets", lambda _: select(webhook.c.id, webhook.c.secret))
FORMER_SECRETS = Statement("sealed former webhook secrets", lambda _: select(webhook.c.id, webhook.c.former))


def _reseal(column: Any) -> Any:
    return (
        update(webhook)
        .where(webhook.c.id == number("the_id"), column == text_of("former"))
        .values({column: text_of("sealed")})
    )


RESEAL_SECRET = Statement("reseal webhook secret", lambda _: _reseal(webhook.c.secret))
RESEAL_FORMER = Statement("reseal former webhook secret", lambda _: _reseal(webhook.c.former))

"""Statements about errands: what waits, who has it on lease, what became of it.

Of a lane only the first that waits may be claimed, and nobody while one of the lane is on lease. `version` grows with
each claim and each change, so it is also the token by which a late worker is told from the one that took over. Whatever
was on lease and never given back may have reached the portal: it is doubtful from then on.
"""

from typing import Any

from sqlalchemy import case, delete, func, or_, select, true, update

from bot.domain.automation.errand import OWN_AFFAIRS
from storage.engines.statement import Statement, flag, number, parameters, text_of, whole, word
from storage.schema import errand, portal

_KNOWN = errand.c.portal_id == number("portal_id")
_NOT_OWN = errand.c.kind.not_in([word(each) for each in sorted(each.value for each in OWN_AFFAIRS)])
_GIVE_BACK: dict[str, Any] = {"leased_until": whole(0), "worker": word("")}
BOOKS = ("rests_until", "leased_until", "worker")
"""Columns that are no matter of an errand, but of whoever runs it."""

ERRAND = Statement("errand", lambda _: select(*errand.c).where(_KNOWN, errand.c.id == number("errand_id")))
ERRANDS_OF_CAUSE = Statement(
    "errands of a cause",
    lambda _: select(*errand.c).where(_KNOWN, errand.c.cause == text_of("cause")).order_by(errand.c.id),
)
LAST_OF_CAUSE = Statement(
    "last errand of a cause",
    lambda _: (
        select(*errand.c).where(_KNOWN, errand.c.cause == text_of("cause")).order_by(errand.c.id.desc()).limit(whole(1))
    ),
)


def _of_object(order: Any, *conditions: Any) -> Any:
    its = or_(errand.c.lane == text_of("lane"), errand.c.kind.in_([word("crm.add"), word("task.add")]))
    return select(*errand.c).where(_KNOWN, its, *conditions).order_by(order.desc()).limit(number("size"))


ERRANDS_ENDED_OF_OBJECT = Statement(
    "late errands of an object",
    lambda _: _of_object(
        errand.c.ended_at,
        errand.c.ended_at >= number("since"),
        or_(errand.c.state == word("done"), errand.c.tries > whole(0)),
    ),
)
ERRANDS_TRIED_OF_OBJECT = Statement(
    "errands of an object that were tried",
    lambda _: _of_object(errand.c.id, errand.c.state == word("waiting"), errand.c.tries > whole(0)),
)


def _in_state(state: str, *conditions: Any) -> Any:
    return (
        select(*errand.c)
        .where(_KNOWN, errand.c.state == word(state), *conditions)
        .order_by(errand.c.id.desc())
        .limit(number("size"))
    )


ERRANDS_FAILED = Statement("failed errands", lambda _: _in_state("failed", _NOT_OWN))
ERRANDS_OFFERED = Statement("offered errands", lambda _: _in_state("offered"))
ERRANDS_WAITING = Statement("waiting errands", lambda _: _in_state("waiting"))


def _add(insert: Any) -> Any:
    books = {"rests_until": whole(0), **_GIVE_BACK}
    statement = insert(errand).values(**parameters(errand, *BOOKS), **books)
    return statement.on_conflict_do_nothing(index_elements=["portal_id", "key"])


ADD_ERRAND = Statement("add errand", _add, rank=106, lock="key")


def _put(_: Any) -> Any:
    """Change what can change, and give it back to whoever comes next."""
    kept = ("id", "portal_id", "kind", "key", "cause", "created_at", "lane", "version", *BOOKS)
    return (
        update(errand)
        .where(errand.c.id == number("the_id"), errand.c.version == number("seen"))
        .values(
            **parameters(errand, *kept),
            **_GIVE_BACK,
            version=errand.c.version + 1,
            rests_until=number("rests_until"),
        )
    )


PUT_ERRAND = Statement("put errand", _put, rank=107, lock="the_id", key="the_id")


def _may_begin(row: Any) -> tuple[Any, ...]:
    """Return by what an errand is known that may be begun now: it rests no more, and is the first of its lane."""
    other, leased = errand.alias("lane_row"), errand.alias("leased")

    def same(them: Any) -> tuple[Any, ...]:
        waiting = (them.c.portal_id == row.c.portal_id, them.c.state == word("waiting"))
        return (*waiting, them.c.lane == row.c.lane)

    # Scalar sub-selects, as in the queue of messages: each is one step through the index of lanes.
    first = select(func.min(other.c.id)).where(*same(other)).correlate(row).scalar_subquery()
    lease = select(func.max(leased.c.leased_until)).where(*same(leased)).correlate(row).scalar_subquery()
    return (
        row.c.state == word("waiting"),
        row.c.kind != word("webhook"),  # told by the hook's own queue
        row.c.rests_until <= number("now"),
        row.c.leased_until <= number("now"),
        or_(row.c.due_at.is_(None), row.c.due_at <= number("at")),
        case((row.c.lane == word(""), true()), else_=(row.c.id == first) & (lease <= number("now"))),
    )


def _portals_waiting(_: Any) -> Any:
    """Step from portal to portal through the index, for what waits in between may be very much."""

    def least(*conditions: Any) -> Any:
        its = select(func.min(errand.c.portal_id).label("portal_id"))
        return its.where(errand.c.state == word("waiting"), *conditions)

    chosen = least().cte("chosen_portal", recursive=True)
    after = least(errand.c.portal_id > chosen.c.portal_id).correlate(chosen).scalar_subquery()
    chosen = chosen.union_all(select(after).where(chosen.c.portal_id.is_not(None)))
    row = errand.alias("waiting_row")
    # What merely rests is no reason to claim: each claim is a transaction that writes.
    free = select(row.c.id).where(row.c.portal_id == portal.c.id, *_may_begin(row)).correlate(portal).exists()
    return select(portal.c.id, portal.c.key).where(
        portal.c.id.in_(select(chosen.c.portal_id).where(chosen.c.portal_id.is_not(None))), free
    )


DROP_ERRANDS = Statement(
    "drop errands", lambda _: delete(errand).where(errand.c.portal_id == number("the_portal_id")), rank=105, many=True
)
ERRAND_PORTALS = Statement("portals of errands", _portals_waiting)


def _claim(_: Any) -> Any:
    row = errand.alias("waiting_row")
    chosen = (
        select(row.c.id)
        .where(row.c.portal_id == number("the_portal_id"), *_may_begin(row))
        .order_by(row.c.id)
        .limit(number("size"))
        .with_for_update(skip_locked=True, of=row)
        .cte("chosen")
    )
    return (
        update(errand)
        .where(errand.c.id.in_(select(chosen.c.id)))
        .values(
            # Of a lease that ran out nobody knows how far it came.
            is_doubtful=case((errand.c.leased_until > whole(0), flag("yes")), else_=errand.c.is_doubtful),
            leased_until=number("until"),
            worker=text_of("worker"),
            tries=errand.c.tries + 1,
            version=errand.c.version + 1,
        )
        .returning(*errand.c)
    )


CLAIM_ERRANDS = Statement("claim errands", _claim, rank=95, gives=True)


def _released(*conditions: Any) -> Any:
    return (
        update(errand)
        .where(errand.c.state == word("waiting"), errand.c.leased_until > whole(0), *conditions)
        .values(is_doubtful=flag("yes"), **_GIVE_BACK)
    )


RELEASE_ERRANDS = Statement("release errands", lambda _: _released())
RELEASE_OWN_ERRANDS = Statement("release own errands", lambda _: _released(errand.c.worker == text_of("the_worker")))


def _answers(state: str) -> Any:
    answers = errand.c.kind == word("process.answer")
    return select(errand.c.portal_id, errand.c.id, errand.c.key, errand.c.form).where(
        errand.c.state == word(state), answers
    )


SEALED_ERRANDS = (
    Statement("sealed errands that wait", lambda _: _answers("waiting")),
    Statement("sealed errands that failed", lambda _: _answers("failed")),
)
RESEAL_ERRAND = Statement(
    "reseal errand",
    lambda _: (
        update(errand)
        .where(errand.c.id == number("the_id"), errand.c.form == text_of("former"))
        .values(form=text_of("sealed"))
    ),
    rank=107,
    many=True,
)

_COUNT = select(func.count(), func.min(errand.c.created_at)).select_from(errand)
ERRANDS_IN = Statement("waiting errands of all", lambda _: _COUNT.where(errand.c.state == word("waiting")))

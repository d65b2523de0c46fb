"""Statements about objects of portals: what was seen, what is to be looked at, what is watched."""

from typing import Any

from sqlalchemy import ColumnElement, case, delete, exists, func, select, update

from storage.engines.statement import Statement, excluded, number, text_of, whole
from storage.schema import object_hint, object_sighting, object_watch, portal

SIGHTING = Statement(
    "object sighting",
    lambda _: select(*object_sighting.c).where(
        object_sighting.c.portal_id == number("portal_id"), object_sighting.c.ref == text_of("ref")
    ),
)


def _put_sighting(insert: Any) -> Any:
    statement = insert(object_sighting)
    return statement.on_conflict_do_update(
        index_elements=["portal_id", "ref"], set_=excluded(statement, "portal_id", "ref")
    )


PUT_SIGHTING = Statement("put object sighting", _put_sighting, rank=61, lock="ref")
DROP_SIGHTING = Statement(
    "drop object sighting",
    lambda _: delete(object_sighting).where(
        object_sighting.c.portal_id == number("the_portal_id"), object_sighting.c.ref == text_of("the_ref")
    ),
    rank=60,
    many=True,
)
DROP_SIGHTINGS = Statement(
    "drop object sightings",
    lambda _: delete(object_sighting).where(object_sighting.c.portal_id == number("the_portal_id")),
    rank=60,
    many=True,
)
DROP_FAMILY = Statement(
    "drop object sightings of a family",
    lambda _: delete(object_sighting).where(
        object_sighting.c.portal_id == number("the_portal_id"),
        func.substr(object_sighting.c.ref, 1, func.length(text_of("prefix"))) == text_of("prefix"),
    ),
    rank=60,
    many=True,
)
DROP_OLD_SIGHTINGS = Statement(
    "drop old object sightings",
    lambda _: delete(object_sighting).where(object_sighting.c.seen_at < number("before")),
    many=True,
)


def _put_hint(insert: Any) -> Any:
    statement = insert(object_hint)
    known, told = object_hint.c, statement.excluded
    changed = {
        "revision": known.revision + told.revision,
        "actor": case((told.actor > known.actor, told.actor), else_=known.actor),
        "latest": told.latest,
    }
    return statement.on_conflict_do_update(index_elements=["portal_id", "ref"], set_=changed)


PUT_HINT = Statement("put object hint", _put_hint, rank=62, lock="ref")
LOOKED = Statement(
    "looked at object",
    lambda _: (
        update(object_hint)
        .where(
            object_hint.c.portal_id == number("the_portal_id"),
            object_hint.c.ref == text_of("the_ref"),
            object_hint.c.looked < number("the_revision"),
        )
        .values(looked=number("the_revision"), due_at=number("due_at"), tries=whole(0), actor=object_hint.c.latest)
    ),
    rank=63,
    lock="the_ref",
)
DROP_LOOKED = Statement(
    "drop object hint that was looked at",
    lambda _: delete(object_hint).where(
        object_hint.c.portal_id == number("the_portal_id"),
        object_hint.c.ref == text_of("the_ref"),
        object_hint.c.looked >= object_hint.c.revision,
    ),
    rank=64,
    lock="the_ref",
    many=True,
)
DROP_HINTS = Statement(
    "drop object hints",
    lambda _: delete(object_hint).where(object_hint.c.portal_id == number("the_portal_id")),
    rank=60,
    many=True,
)


def _is_awake(portal_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a portal does not sleep: asked for each row, else SQLite may begin with all portals."""
    awake = portal.alias("awake")
    return exists().where(awake.c.id == portal_id, awake.c.is_active)


COUNT = Statement(
    "count object hints",
    lambda _: (
        select(func.count())
        .select_from(object_hint.join(portal, portal.c.id == object_hint.c.portal_id))
        .where(object_hint.c.due_at <= number("now"), portal.c.is_active)
    ),
)
WAITING = Statement(
    "portals with object hints",
    lambda _: (
        select(portal.c.key, portal.c.id, func.count())
        .select_from(object_hint.join(portal, portal.c.id == object_hint.c.portal_id))
        .where(object_hint.c.due_at <= number("now"), _is_awake(object_hint.c.portal_id))
        .group_by(portal.c.key, portal.c.id)
    ),
)
NEXT = Statement(
    "next object hints",
    lambda _: (
        select(object_hint.c.ref, object_hint.c.actor, object_hint.c.revision, object_hint.c.tries)
        .where(
            object_hint.c.portal_id == number("portal_id"),
            object_hint.c.due_at <= number("now"),
            func.coalesce(
                select(object_sighting.c.seen_at)
                .where(
                    object_sighting.c.portal_id == object_hint.c.portal_id,
                    object_sighting.c.ref == object_hint.c.ref,
                )
                .correlate(object_hint)
                .scalar_subquery(),
                whole(0),
            )
            <= number("rested"),
        )
        .order_by(object_hint.c.due_at, object_hint.c.ref)
        .limit(number("size"))
    ),
)
POSTPONE_HINT = Statement(
    "postpone object hint",
    lambda _: (
        update(object_hint)
        .where(object_hint.c.portal_id == number("the_portal_id"), object_hint.c.ref == text_of("the_ref"))
        .values(due_at=number("due_at"), tries=object_hint.c.tries + 1)
    ),
    rank=65,
    lock="the_ref",
    many=True,
)
POSTPONE_HINTS = Statement(
    "postpone object hints",
    lambda _: (
        update(object_hint)
        .where(object_hint.c.portal_id == number("the_portal_id"), object_hint.c.due_at < number("due_at"))
        .values(due_at=number("due_at"))
    ),
    rank=65,
    many=True,
)

WATCHES = Statement(
    "object watches",
    lambda _: (
        select(*object_watch.c).where(object_watch.c.portal_id == number("portal_id")).order_by(object_watch.c.family)
    ),
)


def _put_watch(insert: Any) -> Any:
    statement = insert(object_watch)
    return statement.on_conflict_do_update(
        index_elements=["portal_id", "family"], set_=excluded(statement, "portal_id", "family")
    )


PUT_WATCH = Statement("put object watch", _put_watch, rank=61, lock="family")
DROP_WATCH = Statement(
    "drop object watch",
    lambda _: delete(object_watch).where(
        object_watch.c.portal_id == number("the_portal_id"), object_watch.c.family == text_of("the_family")
    ),
    rank=60,
    many=True,
)
DROP_WATCHES = Statement(
    "drop object watches",
    lambda _: delete(object_watch).where(object_watch.c.portal_id == number("the_portal_id")),
    rank=60,
    many=True,
)

"""Statements about templates that are being written, and their examples."""

from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import template_draft, template_example

DRAFTS = Statement(
    "template drafts",
    lambda _: (
        select(*template_draft.c)
        .where(template_draft.c.portal_id == number("portal_id"))
        .order_by(template_draft.c.key)
    ),
)
DRAFT = Statement(
    "template draft",
    lambda _: select(*template_draft.c).where(
        template_draft.c.portal_id == number("portal_id"), template_draft.c.key == text_of("key")
    ),
)
EXAMPLES = Statement(
    "examples of a template",
    lambda _: (
        select(*template_example.c)
        .where(template_example.c.portal_id == number("portal_id"), template_example.c.key == text_of("key"))
        .order_by(template_example.c.id)
    ),
)


def _put(insert: Any) -> Any:
    """Insert a first row, or replace the one that was read: another one in between is somebody else's."""
    values = {each.name: bindparam(each.name, type_=each.type) for each in template_draft.c}
    statement = insert(template_draft).values(values)
    return statement.on_conflict_do_update(
        index_elements=["portal_id", "key"],
        set_=excluded(statement, "portal_id", "key"),
        where=template_draft.c.version == number("former"),
    )


PUT_DRAFT = Statement("put template draft", _put, rank=60, many=True)
ADD_EXAMPLE = Statement("add template example", lambda insert: insert(template_example), rank=60, lock="id")
PUT_EXAMPLE = Statement(
    "put template example",
    lambda _: update(template_example).where(template_example.c.id == number("the_id")).values(seen=text_of("seen")),
    rank=60,
    many=True,
)
DROP_EXAMPLE = Statement(
    "drop template example",
    lambda _: delete(template_example).where(template_example.c.id == number("the_id")),
    rank=60,
    many=True,
)

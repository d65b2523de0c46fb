"""Statements about templates of approval, and about groups of people."""

from typing import Any

from sqlalchemy import delete, select, update

from storage.engines.statement import Statement, number, text_of
from storage.schema import approval_template, group_member, people_group

TEMPLATES = Statement(
    "templates",
    lambda _: (
        select(*approval_template.c)
        .where(approval_template.c.portal_id == number("portal_id"))
        .order_by(approval_template.c.key, approval_template.c.version)
    ),
)
TEMPLATE_VERSIONS = Statement(
    "versions of a template",
    lambda _: (
        select(*approval_template.c)
        .where(approval_template.c.portal_id == number("portal_id"), approval_template.c.key == text_of("key"))
        .order_by(approval_template.c.version)
    ),
)
ADD_TEMPLATE = Statement("add template", lambda insert: insert(approval_template), rank=58, lock="key")
PUT_TEMPLATE_STATE = Statement(
    "put template state",
    lambda _: (
        update(approval_template)
        .where(
            approval_template.c.portal_id == number("the_portal_id"),
            approval_template.c.key == text_of("the_key"),
            approval_template.c.version == number("the_version"),
            approval_template.c.state == text_of("the_state"),
        )
        .values(state=text_of("state"), changed_at=number("changed_at"), changed_by=number("changed_by"))
    ),
    rank=59,
    lock="the_key",
    many=True,
)
GROUPS = Statement(
    "groups",
    lambda _: (
        select(people_group.c.portal_id, people_group.c.name, people_group.c.title, group_member.c.employee_id)
        .select_from(
            people_group.outerjoin(
                group_member,
                (group_member.c.portal_id == people_group.c.portal_id) & (group_member.c.name == people_group.c.name),
            )
        )
        .where(people_group.c.portal_id == number("portal_id"))
        .order_by(people_group.c.name, group_member.c.place)
    ),
)


def _put_group(insert: Any) -> Any:
    statement = insert(people_group)
    return statement.on_conflict_do_update(
        index_elements=["portal_id", "name"], set_={"title": statement.excluded.title}
    )


PUT_GROUP = Statement("put group", _put_group, rank=86, lock="name")
CLEAR_GROUP = Statement(
    "clear group",
    lambda _: delete(group_member).where(
        group_member.c.portal_id == number("the_portal_id"), group_member.c.name == text_of("the_name")
    ),
    rank=86,
    many=True,
)
ADD_MEMBER = Statement("add member", lambda insert: insert(group_member), rank=87, lock="name")
REMOVE_GROUP = Statement(
    "remove group",
    lambda _: delete(people_group).where(
        people_group.c.portal_id == number("the_portal_id"), people_group.c.name == text_of("the_name")
    ),
    rank=87,
    many=True,
)

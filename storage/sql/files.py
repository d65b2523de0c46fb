"""Statements about the files of requests: what is known of each, and their bytes, once for a portal."""

from typing import Any

from sqlalchemy import delete, func, select

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import file_content, routed_file

_OF_PORTAL = file_content.c.portal_id == number("portal_id")

DRAFTS = Statement(
    "files of forms",
    lambda _: (
        select(*routed_file.c)
        .where(
            routed_file.c.portal_id == number("portal_id"),
            routed_file.c.owner_id == number("owner_id"),
            routed_file.c.request_id.is_(None),
        )
        .order_by(routed_file.c.id)
    ),
)
TAKEN = Statement("room of files", lambda _: select(func.coalesce(func.sum(file_content.c.size), 0)).where(_OF_PORTAL))
CONTENT = Statement(
    "file content",
    lambda _: select(file_content.c.content).where(_OF_PORTAL, file_content.c.sha256 == text_of("sha256")),
)


def _put_content(insert: Any) -> Any:
    # Whoever sends the same again makes it young: what tidies up then leaves it alone.
    statement = insert(file_content)
    kept = ("portal_id", "sha256", "size", "content")
    return statement.on_conflict_do_update(index_elements=["portal_id", "sha256"], set_=excluded(statement, *kept))


def _put_file(insert: Any) -> Any:
    statement = insert(routed_file)
    changed = {name: statement.excluded[name] for name in ("request_id", "replaced_at")}
    return statement.on_conflict_do_update(index_elements=["id"], set_=changed)


PUT_CONTENT = Statement("put file content", _put_content, rank=98, lock="sha256")
PUT_FILE = Statement("put file of a request", _put_file, rank=104, lock="id")

DROP_OLD_FILES = Statement(
    "drop files of forms",
    lambda _: delete(routed_file).where(routed_file.c.request_id.is_(None), routed_file.c.id < number("before")),
    rank=104,
    many=True,
)
"""Of forms that nobody sent."""
DROP_CONTENTS = Statement(
    "drop file contents",
    lambda _: delete(file_content).where(
        file_content.c.added_at < number("before"),
        ~select(routed_file.c.id)
        .where(routed_file.c.portal_id == file_content.c.portal_id, routed_file.c.sha256 == file_content.c.sha256)
        .exists(),
    ),
    rank=105,
    many=True,
)
"""Bytes that no file names any more."""

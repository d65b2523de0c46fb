"""Statements about the files of requests: what is known of each, and their bytes, once for a portal."""

from typing import Any

from sqlalchemy import delete, func, or_, select

from storage.engines.statement import Statement, excluded, number, text_of, whole
from storage.schema import file_content, routed_file, routed_request

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
    changed = {name: statement.excluded[name] for name in ("request_id", "replaced_at", "field")}
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
DROP_DRAFT = Statement(
    "drop file of a form",
    lambda _: delete(routed_file).where(routed_file.c.id == number("id"), routed_file.c.request_id.is_(None)),
    rank=104,
    lock="id",
)
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


def _outlived(*bounds: Any) -> tuple[Any, ...]:
    """Say which bytes of a portal belong to requests alone that all ended before an instant."""
    wanted = (
        select(routed_file.c.id)
        .join(routed_request, routed_request.c.id == routed_file.c.request_id, isouter=True)
        .where(
            routed_file.c.portal_id == file_content.c.portal_id,
            routed_file.c.sha256 == file_content.c.sha256,
            or_(
                routed_file.c.request_id.is_(None),
                routed_request.c.ended_at.is_(None),
                routed_request.c.ended_at >= number("before"),
            ),
        )
    )
    return (_OF_PORTAL, file_content.c.added_at < number("before"), *bounds, ~wanted.exists())


def _outlived_page(_: Any) -> Any:
    page = (
        select(file_content.c.sha256)
        .where(*_outlived(file_content.c.sha256 > text_of("sha256")))
        .order_by(file_content.c.sha256)
        .limit(number("size"))
        .subquery("chosen_page")
    )
    return select(page.c.sha256).order_by(page.c.sha256.desc()).limit(whole(1))


OUTLIVED = Statement("outlived file contents", _outlived_page)
DROP_OUTLIVED = Statement(
    "drop outlived file contents",
    lambda _: delete(file_content).where(
        *_outlived(file_content.c.sha256 > text_of("sha256"), file_content.c.sha256 <= text_of("to_sha256"))
    ),
    rank=105,
    many=True,
)
"""Bytes whose requests ended so long ago that the portal's term has passed; name, size and hash stay."""

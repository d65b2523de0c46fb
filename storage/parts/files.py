"""Files of requests ⇄ rows, while their form is filled in; then they are read and written with their request."""

from collections.abc import Sequence

from bot.domain.approvals.files import RequestFile
from storage import schema
from storage.engines.engine import Reader
from storage.part import Part
from storage.queues.conversations import Now
from storage.shape import Shape
from storage.sql import files as sql

FILE = Shape(RequestFile, schema.routed_file)


class Files(Part):
    """What people sent, and the bytes of it."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`; `now` tells the wall clock in milliseconds, by which is tidied up."""
        super().__init__(engine)
        self._now = now

    async def drafts(self, portal_id: int, owner_id: int) -> Sequence[RequestFile]:
        """Return what somebody sent for requests that they have not sent yet, in the order in which it came."""
        rows = await self._rows(sql.DRAFTS, {"portal_id": portal_id, "owner_id": owner_id})
        return [FILE.read(row) for row in rows]

    async def taken(self, portal_id: int) -> int:
        """Return how many bytes the files of a portal take."""
        (row,) = await self._rows(sql.TAKEN, {"portal_id": portal_id})
        noted = (write for write in self._writes if write.statement is sql.PUT_CONTENT)
        return int(row[0]) + sum(int(each.values["size"]) for each in noted)

    async def content(self, portal_id: int, sha256: str) -> bytes | None:
        """Return the bytes of that hash."""
        rows = await self._rows(sql.CONTENT, {"portal_id": portal_id, "sha256": sha256})
        return bytes(rows[0][0]) if rows else None

    def add(self, file: RequestFile, content: bytes) -> None:
        """Note a file of a form, and its bytes where they are not kept yet."""
        values = {
            "portal_id": file.portal_id,
            "sha256": file.sha256,
            "size": file.size,
            "added_at": self._now(),
            "content": content,
        }
        self._note(sql.PUT_CONTENT, values)
        self._note(sql.PUT_FILE, FILE.values(file))

    def drop(self, file: RequestFile) -> None:
        """Note that a file of a form goes; its bytes are tidied up. One sent with its request meanwhile stays."""
        self._note(sql.DROP_DRAFT, {"id": file.id})

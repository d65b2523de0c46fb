"""Files that the bot sent: kept as they came, shown and downloaded from the emulator's own server."""

import mimetypes
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from bot.sandbox.pictures import picture_size, picture_type
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params, Upload
from bot.sandbox.telegram.store import Store

MAX_DOCUMENT = 50 * 2**20
MAX_PHOTO = 10 * 2**20
MAX_WIDTH_AND_HEIGHT = 10_000
MAX_RATIO = 20

_UNTYPED = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file; `width` and `height` are 0 for a document."""

    id: str
    name: str
    mime_type: str
    size: int
    width: int = 0
    height: int = 0

    def as_telegram(self) -> dict[str, Any]:
        """Return a Document, or the list of PhotoSize with one size."""
        common = {"file_id": self.id, "file_unique_id": self.id[:12], "file_size": self.size}
        if self.width:
            return {"photo": [{**common, "width": self.width, "height": self.height}]}
        return {"document": {**common, "file_name": self.name, "mime_type": self.mime_type}}


class Files:
    """The files of the bot."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, params: Params, kind: str) -> StoredFile:
        """Read the parameter `document` or `photo`: an upload, or the id of a file that was sent before."""
        upload = params.upload(kind)
        if upload is not None:
            return self._keep(upload, kind)
        reference = params.text(kind)
        if not reference or reference.startswith("attach://"):
            raise bad_request(f"there is no {kind} in the request")
        known = self._store.file(reference)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        file = StoredFile(**known[0])
        if bool(file.width) != (kind == "photo"):
            raise bad_request(f"can't use file of type {'Photo' if file.width else 'Document'} as {kind.title()}")
        return file

    def content(self, file_id: str) -> tuple[StoredFile, bytes] | None:
        """Return a file with its content."""
        known = self._store.file(file_id)
        return None if known is None else (StoredFile(**known[0]), known[1])

    def receive(self, name: str, content: bytes) -> StoredFile:
        """Keep a document that a person sends."""
        mime_type = mimetypes.guess_type(name)[0] or _UNTYPED
        file = StoredFile(secrets.token_urlsafe(24), name, mime_type, len(content))
        self._store.put_file(file.id, asdict(file), content)
        return file

    def _keep(self, upload: Upload, kind: str) -> StoredFile:
        """Store an upload."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > MAX_DOCUMENT:
            raise bad_request("file is too big")
        width = height = 0
        if kind == "photo":
            width, height = _photo_size(upload.content)
        mime_type = picture_type(upload.content) if width else _mime_type(upload)
        file = StoredFile(secrets.token_urlsafe(24), upload.name, mime_type, len(upload.content), width, height)
        self._store.put_file(file.id, asdict(file), upload.content)
        return file


def _mime_type(upload: Upload) -> str:
    """Return what the client said, or what the file's name says when it said nothing of use."""
    said = upload.content_type.split(";")[0].strip()
    return said if said != _UNTYPED else mimetypes.guess_type(upload.name)[0] or _UNTYPED


def _photo_size(content: bytes) -> tuple[int, int]:
    """Width and height of what can be sent as a picture; 400 in the server's words when it cannot."""
    size = len(content)
    if size > MAX_PHOTO:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    found = picture_size(content)
    if found is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = found
    if width + height > MAX_WIDTH_AND_HEIGHT or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height

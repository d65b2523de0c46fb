"""Files of a request: how large and how many, and how they stand among the fields that a template watches."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.domain.approvals.route import FormField
from bot.domain.errors import Refusal
from bot.text import t

LARGEST = 20 << 20
"""Bytes of one file: what Telegram gives to a bot."""
MOST = 10
"""Files of one request."""
MOST_WAITING = 50
"""Files of one person that wait to be sent with a request, where no form tells how many it has."""
SHARE = 10
"""One in so many bytes of a portal's room may be what waits of one person; a single file always may."""
LAPSES = timedelta(hours=1)
"""So old a file that waits makes room for another of its owner's, where that would be too much otherwise."""
LONGEST_NAME = 200
FILES = "file_sha256"
"""The name by which a template watches all files of a request, where no field of its form is called so."""
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A file that somebody sent for a request. Its bytes are kept once for a portal, by their hash."""

    id: int
    portal_id: int
    owner_id: int
    field: str
    """The field of the form that it fills; "" where it is attached beside them."""
    name: str
    size: int
    sha256: str
    added_at: datetime
    request_id: int | None = None
    """None while the form is being filled in."""
    replaced_at: datetime | None = None
    """When another took its place, or it was left out; who decided before that saw this one."""


class EmptyFile(Refusal):
    """A file without a byte."""

    code = "empty_file"

    def __init__(self) -> None:
        """Ask for another one."""
        super().__init__(t("The file is empty. Please look at it and send it again."))


class TooManyFiles(Refusal):
    """A request has as many files as it may have."""

    code = "too_many_files"

    def __init__(self) -> None:
        """Say how many it may have."""
        super().__init__(t("A request takes {most} files at most, so this one is not attached.", most=MOST))


class TooManyWaiting(Refusal):
    """Somebody has sent many files, and no request with them."""

    code = "too_many_waiting"

    def __init__(self) -> None:
        """Say how long they wait."""
        super().__init__(
            t(
                "{most} files of yours wait to be sent with a request. Send it first; "
                "what is not sent is dropped after a day.",
                most=MOST_WAITING,
            )
        )


class TooMuchWaiting(Refusal):
    """What somebody has sent without a request takes as much of the portal's room as may."""

    code = "too_much_waiting"

    def __init__(self, megabytes: int) -> None:
        """Say how much that is, and when there is room again."""
        super().__init__(
            t(
                "As much of your files as may ({most} MB) waits to be sent with a request. Send that one first, "
                "or send this file an hour later: what waited longer makes room for it then.",
                most=megabytes,
            )
        )


class FieldWithoutFile(Refusal):
    """A file for a field that takes none, or has one."""

    code = "field_takes_no_file"

    def __init__(self, key: str) -> None:
        """Name the field."""
        super().__init__(t("“{field}” does not take this file: it is no field for one, or has one already.", field=key))
        self.at = key


class NoRoomForFiles(Refusal):
    """The files of a portal fill the room that it gives them."""

    code = "no_room_for_files"

    def __init__(self, megabytes: int) -> None:
        """Say who can give more room."""
        super().__init__(
            t(
                "There is no room for files left here ({most} MB). An administrator can give more: /options. "
                "Until then a link does as well.",
                most=megabytes,
            )
        )


class FileGone(Refusal):
    """A file is not kept any more."""

    code = "file_gone"

    def __init__(self) -> None:
        """Ask for it once more."""
        super().__init__(t("A file of this request is not kept any more. Please send it again."))


class FileNotKept(Refusal):
    """The bytes of a file of a request that ended long ago."""

    code = "file_not_kept"

    def __init__(self, name: str) -> None:
        """Say what is left of it."""
        super().__init__(
            t(
                "{name} is not kept any more: the request ended too long ago. "
                "Its name, size and SHA-256 are on the approval sheet.",
                name=name,
            )
        )


def name_of(said: str) -> str:
    """Return what a file is called: no way to it, no sign that shows nothing or turns others round."""
    last = re.split(r"[\\/]", said)[-1]
    plain = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C").strip()
    if len(plain) <= LONGEST_NAME:
        return plain or "file"
    stem, dot, ending = plain.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return f"{plain[: LONGEST_NAME - len(kept)]}{kept}"


def assigned(form: Sequence[FormField], found: Sequence[RequestFile], wanted: Mapping[int, str]) -> list[RequestFile]:
    """Return files each for the field that is `wanted` for it, "" beside all; a field of a form takes one."""
    takes = {each.key for each in form if each.type == "file"}
    put: dict[str, RequestFile] = {}
    beside: list[RequestFile] = []
    for each in found:
        key = wanted.get(each.id, "")
        if key and (key not in takes or key in put):
            raise FieldWithoutFile(key)
        file = each if each.field == key else replace(each, field=key)
        if key:
            put[key] = file
        else:
            beside.append(file)
    if len(put) + len(beside) > MOST:
        raise TooManyFiles
    return [*put.values(), *beside]


_KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
}
"""Types that a browser does nothing of its own with, by the ending of a name; all others are just bytes."""


def kind_of(name: str) -> str:
    """Return the type by which a file is given away; it is never one that a browser would run."""
    return _KINDS.get(name.rpartition(".")[2].casefold(), "application/octet-stream")


def hash_of(content: bytes) -> str:
    """Return the hash by which a file is known."""
    return sha256(content).hexdigest()


def check(content: bytes, present: int, taken: int, room: int) -> None:
    """Refuse a file beside `present` others of a request, where the portal's files have `taken` of `room` bytes."""
    if not content:
        raise EmptyFile
    if present >= MOST:
        raise TooManyFiles
    if taken + len(content) > room:
        raise NoRoomForFiles(room // _MEGABYTE)


def lapsing(waiting: Sequence[RequestFile], size: int, room: int, now: datetime) -> list[RequestFile]:
    """Return which files of somebody that wait, oldest first, go to make room for one more of so many bytes.

    A Refusal where what is young is too much already: of a portal's `room` they have a share.
    """
    share = min(max(room // SHARE, LARGEST), room)
    gone: list[RequestFile] = []
    left, bytes_left = len(waiting), sum(each.size for each in waiting)
    for each in waiting:
        if left < MOST_WAITING and bytes_left + size <= share:
            return gone
        if now - each.added_at < LAPSES:
            raise TooManyWaiting if left >= MOST_WAITING else TooMuchWaiting(share // _MEGABYTE)
        gone.append(each)
        left, bytes_left = left - 1, bytes_left - each.size
    return gone


def with_files(
    form: Sequence[FormField], fields: Mapping[str, Any], files: Sequence[RequestFile], was: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields with the hashes of the files in them: of each its field, and of all together.

    What the request `was` before says what has to be taken out where there is no file any more.
    """
    own = {each.key for each in form}
    filled = {each.field: each.sha256 for each in files if each.field}
    told = {**fields, **{each.key: filled.get(each.key, fields.get(each.key)) for each in form if each.type == "file"}}
    if FILES not in own and (files or was.get(FILES) is not None):
        told[FILES] = _together(files)
    return {name: value for name, value in told.items() if value is not None or was.get(name) is not None}


def _together(files: Sequence[RequestFile]) -> str | None:
    hashes = sorted(each.sha256 for each in files)
    return hashes[0] if len(hashes) == 1 else hash_of("\n".join(hashes).encode()) if hashes else None

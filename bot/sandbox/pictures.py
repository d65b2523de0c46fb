"""What kind of picture a file is and how large, by its first bytes: PNG and JPEG."""

import struct

_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def picture_type(content: bytes) -> str:
    """Return the type of a PNG or JPEG; nothing for any other file."""
    return next((name for start, name in _TYPES.items() if content.startswith(start)), "")


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG; None when it is neither, or not whole enough to tell."""
    size: tuple[int, int] | None = None
    try:
        match picture_type(content):
            case "image/png":
                size = struct.unpack(">II", content[16:24])
            case "image/jpeg":
                size = _jpeg_size(content)
    except (struct.error, IndexError):
        return None
    return size if size and all(0 < each < 2**31 for each in size) else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG to its frame header."""
    at = 2
    while content[at] == 0xFF:  # every segment starts so
        marker = content[at + 1]
        length = struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None

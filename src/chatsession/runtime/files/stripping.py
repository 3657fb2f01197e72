"""Images without what they say beside their picture: where and when it was taken, with what, and by whom.

The picture itself is not touched: no decoder of images reads what strangers send. Of the data beside it, a photo keeps
its orientation alone, for without that it would lie on its side.
"""

import struct
from collections.abc import Iterator

from chatsession.core.refusals import Refusal, invalid

BROKEN = invalid("The image is damaged; save it again and send that.", field="content")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYs acTL fcTL fdAT".split())
JPEG_MARK, JPEG_SCAN, JPEG_END = 0xFF, 0xDA, 0xD9
JPEG_RESTARTS = range(0xD0, 0xD8)
JPEG_KEPT = frozenset((*range(0xC0, 0xD0), 0xDB, 0xDD))
"""Frames and tables."""
JPEG_SAYING = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
"""What applications wrote that the picture needs: not EXIF, XMP, IPTC, thumbnails, other pictures or comments."""
LENGTH_MIN = 2
EXIF_MARKER, EXIF_HEAD, ORIENTATION = 0xE1, b"Exif\0\0", 0x0112
WEBP_DROPPED = frozenset((b"EXIF", b"XMP "))
WEBP_EXIF_XMP_FLAGS = 0x0C
TURNED = range(2, 9)
GIF_IMAGE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_KEPT = (0xF9, 0x01)
"""How an image is shown, and text that is drawn."""
GIF_APPLICATION, GIF_REPEATS = 0xFF, (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class _DamagedError(Exception):
    """The image is not built as its kind says."""


def stripped(kind: str, content: bytes) -> bytes | Refusal:
    """The same image without its metadata; other kinds as they are."""
    strip = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp, "image/gif": _gif}.get(kind)
    if strip is None:
        return content
    try:
        return strip(content)
    except (_DamagedError, struct.error, IndexError):
        return BROKEN


def _png(content: bytes) -> bytes:
    kept = [PNG_HEAD]
    at = len(PNG_HEAD)
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise _DamagedError
        if kind in PNG_KEPT:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise _DamagedError


def _jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    turned = 1
    for marker, segment in _segments(content):
        if marker == EXIF_MARKER and segment[4:10] == EXIF_HEAD:
            turned = _orientation(segment[10:])
        says = any(marker == one and segment[4:].startswith(head) for one, head in JPEG_SAYING)
        if says or marker in JPEG_KEPT or marker in (JPEG_SCAN, JPEG_END):
            kept.append(segment)
    if turned in TURNED:
        kept.insert(1, _turned(turned))
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG with their markers; a scan comes with its data, and what follows the end is left out."""
    at = 2
    while True:
        if content[at] != JPEG_MARK:
            raise _DamagedError
        marker = content[at + 1]
        if marker == JPEG_MARK:  # Marks may be repeated to fill a gap.
            at += 1
            continue
        if marker == JPEG_END:
            yield JPEG_END, content[at : at + 2]
            return
        (length,) = struct.unpack_from(">H", content, at + 2)
        if length < LENGTH_MIN or at + 2 + length > len(content):
            raise _DamagedError
        end = at + 2 + length
        if marker == JPEG_SCAN:
            end = _end_of_scan(content, end)
        yield marker, content[at:end]
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker is: within a scan, only restarts and stuffed bytes follow 0xFF."""
    while True:
        at = content.find(JPEG_MARK, at)
        if at < 0:
            raise _DamagedError
        if content[at + 1] != 0 and content[at + 1] not in JPEG_RESTARTS:
            return at
        at += 2


def _orientation(tiff: bytes) -> int:
    """How the picture is to be turned, as EXIF says; 1 where it says nothing that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for entry in range(first + 2, first + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    """A segment of EXIF that says how to turn the picture, and nothing else."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    body = EXIF_HEAD + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return struct.pack(">BBH", 0xFF, EXIF_MARKER, len(body) + 2) + body


def _webp(content: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", content, 4)
    if size + 8 > len(content):
        raise _DamagedError
    kept: list[bytes] = []
    at = 12
    while at < size + 8:
        kind, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + length % 2
        if at + 8 + length > len(content):
            raise _DamagedError
        if kind == b"VP8X":
            flags = bytes([content[at + 8] & ~WEBP_EXIF_XMP_FLAGS])
            kept.append(content[at : at + 8] + flags + content[at + 9 : end])
        elif kind not in WEBP_DROPPED:
            kept.append(content[at:end])
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(content: bytes) -> bytes:
    """A GIF without comments and application data but the one that makes it repeat."""
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while content[at] != GIF_END:
        end = _end_of_block(content, at)
        label = content[at + 1]
        repeats = label == GIF_APPLICATION and content[at + 3 : at + 14] in GIF_REPEATS
        if content[at] == GIF_IMAGE or label in GIF_KEPT or repeats:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, bytes([GIF_END])])


def _end_of_block(content: bytes, at: int) -> int:
    if content[at] == GIF_IMAGE:
        at += 11 + _colours(content[at + 9])
    elif content[at] == GIF_EXTENSION:
        at += 2
    else:
        raise _DamagedError
    while content[at]:
        at += content[at] + 1
    return at + 1


def _colours(flags: int) -> int:
    """The bytes of a colour table that follows."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0

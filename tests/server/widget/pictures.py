"""Pictures with everything that cameras and programs write beside them, built by hand from what their formats say."""

import struct
import zlib

NEEDLE = b"48.2082 N 16.3738 E, camera of Ana"


def png(*extra: tuple[bytes, bytes]) -> bytes:
    """A picture of one pixel, and chunks beside it."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def exif(orientation: int, order: str = ">") -> bytes:
    """What a camera says: how the picture is to be turned, and where it was taken."""
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    entries = struct.pack(order + "HHII", 0x010F, 2, len(NEEDLE), 38) + entries
    start = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "IH", 8, 2)
    return b"Exif\0\0" + start + entries + bytes(4) + NEEDLE


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0") + segment(0xC4, bytes(17))
SCAN = segment(0xDA, b"\1\1\0\0?\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
PICTURE = TABLES + SCAN


def jpeg(*beside: bytes, after: bytes = b"") -> bytes:
    """A picture with segments beside it."""
    return b"\xff\xd8" + JFIF + b"".join(beside) + PICTURE + b"\xff\xd9" + after


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(*blocks: bytes) -> bytes:
    """A picture of one pixel, and blocks beside it."""
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return head + b"".join(blocks) + image + b"\x3b"


def gif_block(label: int, *data: bytes) -> bytes:
    return bytes([0x21, label]) + b"".join(bytes([len(each)]) + each for each in data) + b"\0"

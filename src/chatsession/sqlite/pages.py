"""Pages without leftovers.

`secure_delete` overwrites what is deleted, but not the copies that stay behind in a page when SQLite moves cells to
another one. Nothing reads them, yet they end up in the file: so they are overwritten on their way there.
"""

import struct
from collections.abc import Callable

import apsw

CLEAN = "chatsession-clean"
PAGES_MAX = 2**25 - 1
"""128 GiB. Below that no page but a b-tree's can begin with one of these bytes: the others begin with a page number."""
INTERIOR, LEAF = (2, 5), (10, 13)
FILE_HEADER_BYTES = 100
_HEADER = struct.Struct(">HHH")
"""First free block, number of cells, where the cells begin."""


class CleanFile(apsw.VFSFile):
    """A database file that is given clean pages only."""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  the library's name
        """Write a page."""
        write: Callable[[bytes, int], None] = super().xWrite  # type: ignore[reportUnknownMemberType]  the library's stub
        write(cleaned(data, FILE_HEADER_BYTES if offset == 0 else 0), offset)


class CleanFiles(apsw.VFS):
    """The system's files, but for databases, which are kept clean; their logs are emptied instead."""

    def __init__(self) -> None:
        super().__init__(CLEAN, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  the library's name
        """Open a file."""
        kind = CleanFile if flags[0] & apsw.SQLITE_OPEN_MAIN_DB else apsw.VFSFile
        return kind("", name, flags)


def cleaned(page: bytes, header: int) -> bytes:
    """The page with nothing between its list of cells and the first of them; any other page as it is."""
    kind = page[header] if len(page) > header else 0
    if kind not in INTERIOR + LEAF:
        return page
    _, cells, first_cell = _HEADER.unpack_from(page, header + 1)
    begin = header + (12 if kind in INTERIOR else 8) + 2 * cells
    end = first_cell or 65_536
    if not begin <= end <= len(page) or page.count(0, begin, end) == end - begin:
        return page
    return b"".join((page[:begin], bytes(end - begin), page[end:]))


_REGISTERED = CleanFiles()
"""Known to SQLite by its name for as long as the process lives."""

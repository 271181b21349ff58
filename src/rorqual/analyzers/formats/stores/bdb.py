"""Berkeley DB: a page that describes the database, with a magic number at 12; all pages are of one size.

https://github.com/berkeleydb/libdb/blob/master/src/dbinc/db_page.h. Versions since 2, in both orders of bytes. Pages
are not read, but the last, which says its own number.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import BDB
from rorqual.sdk import Closed, Extent, Hit, Malformed, Said, View, frozen

KINDS = {0x00053162: "btree", 0x00061561: "hash", 0x00042253: "queue", 0x00074582: "heap"}
HEADER = 72
PAGES_MOST = 1 << 32


@frozen
class BerkeleyDB:
    """A database. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "berkeley_db"
    kind: str
    version: int
    page_size: int
    pages: int
    big_endian: bool
    encrypted: bool


class Berkeley:
    """Finds Berkeley DBs anywhere."""

    name = "bdb"
    version = 1
    wakes_on = BDB

    def score(self, view: View, /) -> int:
        """A page size, and that it is the first page."""
        mark = _mark(view)
        head = view.read(8, 16)
        if len(head) < 16:
            return 0
        number, _, version, page = struct.unpack(f"{mark}4I", head)
        return int(number == 0 and 0 < version < 32 and 512 <= page <= 65_536 and page.bit_count() == 1)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        mark = _mark(view)
        number, magic, version, page, encrypted = struct.unpack(f"{mark}4IB", view.exact(8, 17))
        last = int.from_bytes(view.exact(32, 4), "big" if mark == ">" else "little")
        if magic not in KINDS or number or not 0 <= last < PAGES_MOST or not 512 <= page <= 65_536:
            raise Malformed(hit.offset + 8, "the first page of a database")
        size = (last + 1) * page
        present = view.within(0, size)
        body = BerkeleyDB(KINDS[magic], version, page, last + 1, mark == ">", bool(encrypted))
        yield hit.finding(0, present, body)
        if present < size:
            return
        own = int.from_bytes(view.exact(last * page + 8, 4), "big" if mark == ">" else "little")
        if own == last or KINDS[magic] == "hash":  # a hash makes room for pages before it writes them
            yield Extent(0, size, "bdb", "the last page says the number it must have" if own == last else "pages")
        if encrypted:
            yield Closed(page, size - page, "encrypted database")


def _mark(view: View) -> str:
    return ">" if view.read(12, 1) == b"\0" else "<"

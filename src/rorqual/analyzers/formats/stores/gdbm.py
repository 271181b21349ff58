"""GNU dbm: a magic number, the size of a block, a directory of buckets, and where the next block would be: the end.

https://www.gnu.org.ua/software/gdbm/manual/ and gdbmdefs.h. Both widths of offsets and both orders of bytes; buckets
are not read.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.stores import GDBM
from rorqual.sdk import Extent, Hit, Malformed, Said, View, frozen

WIDE = (0x13579ACF, 0x13579AD1)  # offsets of 64 bits
SIZE_MOST = 1 << 48


@frozen
class GNUdbm:
    """A database. The finding spans it, as far as it is there."""

    tag: ClassVar[str] = "gnu_dbm"
    block_size: int
    bucket_size: int
    directory_size: int
    big_endian: bool
    offset_bits: int


class Gdbm:
    """Finds GNU dbm databases anywhere."""

    name = "gdbm"
    version = 1
    wakes_on = GDBM

    def score(self, view: View, /) -> int:
        """A size of a block."""
        return int(_header(view) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        found = _header(view)
        if found is None:
            raise Malformed(hit.offset, "a header")
        mark, wide, block, directory_at, directory, bits, bucket, elements, end = found
        if (
            not block <= directory_at < directory_at + directory <= end < SIZE_MOST
            or directory != (8 if wide else 4) << bits
            or not 0 < elements <= bucket
        ):
            raise Malformed(hit.offset + 4, "a directory of buckets, and an end")
        present = view.within(0, end)
        yield hit.finding(0, present, GNUdbm(block, bucket, directory, mark == ">", 64 if wide else 32))
        if present == end:
            yield Extent(0, end, "gdbm", "header and directory agree")


def _header(view: View) -> tuple[str, bool, int, int, int, int, int, int, int] | None:
    raw = view.read(0, 40)
    if len(raw) < 40:
        return None
    mark = ">" if raw[0] == 0x13 else "<"
    magic = struct.unpack_from(f"{mark}I", raw)[0]
    wide = magic in WIDE
    form = f"{mark}IQ4IQ" if wide else f"{mark}7I"
    block, at, size, bits, bucket, elements, end = struct.unpack_from(form, raw, 4)
    if not 512 <= block <= 1 << 24 or bits > 28:
        return None
    return mark, wide, block, at, size, bits, bucket, elements, end

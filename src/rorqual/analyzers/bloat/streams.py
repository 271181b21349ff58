"""Compressed streams, told from random bytes behind a magic number: by a size that leads back, by blocks that follow
each other, or by what comes out.

lzip: https://www.nongnu.org/lzip/manual/lzip_manual.html#File-format. Zstandard: RFC 8878. LZ4:
doc/lz4_Frame_format.md (https://github.com/lz4/lz4), whose header has a checksum that Python lacks.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import NamedTuple

from rorqual.sdk import View

TRIED = 1 << 14  # bytes of a stream that must decode
BZIP2_BLOCK = 1 << 20  # bytes that hold a whole block, whose checksum is at its end
BLOCKS = 16  # that must follow each other, of formats without a checksum we can compute


class Ends(NamedTuple):
    """Where a payload may end: where what it lies in ends, and where the drawn bytes do."""

    unit: int
    drawn: int


Check = Callable[[View, int, Ends], bool]


def lzip(view: View, at: int, ends: Ends) -> bool:
    """The last member's size, in its trailer, leads back to the start of a member."""
    for end in ends:
        size = int.from_bytes(view.read(end - 8, 8), "little")
        if 26 <= size <= end - at and view.read(end - size, 4) == b"LZIP":
            return True
    return False


def zstd(view: View, at: int, ends: Ends) -> bool:
    """Blocks of a type that exists and at most 128 KiB, one behind the other."""
    descriptor = view.read(at + 4, 1)[0]
    single = descriptor >> 5 & 1
    at += 5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + (single, 2, 4, 8)[descriptor >> 6]
    for _ in range(BLOCKS):
        head = int.from_bytes(view.read(at, 3), "little")
        kind, size = head >> 1 & 3, head >> 3
        if at + 3 > ends.unit or kind == 3 or size > 1 << 17:
            return False
        at += 3 + (1 if kind == 1 else size)
        if head & 1:
            break
    return at <= ends.unit


def lz4(view: View, at: int, ends: Ends) -> bool:
    """Blocks of at most the size that the header allows, one behind the other."""
    flags, most = view.read(at + 4, 2)
    at += 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    for _ in range(BLOCKS):
        size = int.from_bytes(view.read(at, 4), "little")
        if size == 0:
            break
        if size & 0x7FFF_FFFF > 1 << 8 + 2 * (most >> 4):
            return False
        at += 4 + (size & 0x7FFF_FFFF) + (4 if flags & 16 else 0)
    return at < ends.unit


def gzip(view: View, at: int, ends: Ends) -> bool:
    """What follows the header inflates."""
    return inflates(view.read(at, TRIED), 16 + zlib.MAX_WBITS)


def zlib_stream(view: View, at: int, ends: Ends) -> bool:
    """It inflates."""
    return inflates(view.read(at, TRIED), zlib.MAX_WBITS)


def inflates(data: bytes, form: int) -> bool:
    """Whether deflate data in this form decodes: `zlib.decompressobj` says which there are."""
    try:
        return bool(zlib.decompressobj(form).decompress(data, 1 << 18))
    except zlib.error:
        return False


def bzip2(view: View, at: int, ends: Ends) -> bool:
    """The first block's checksum holds."""
    try:
        return bool(bz2.BZ2Decompressor().decompress(view.read(at, BZIP2_BLOCK), 1))
    except OSError:
        return False


def unpacks(data: bytes, filter_id: int, size: int, **properties: int) -> bool:
    """Whether a bare stream of LZMA's decodes with these properties."""
    filters = [{"id": filter_id, "dict_size": min(size, 1 << 20), **properties}]
    try:
        return bool(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(data, TRIED))
    except lzma.LZMAError:
        return False

"""The header of a universal file: magic, a count, and for each slice processor, place, size and alignment.

Always big-endian: https://github.com/apple-oss-distributions/cctools/blob/main/include/mach-o/fat.h. Java classes have
the same magic; where these have a count of slices those have a version of 45 and more, in a file with no Mach-O in it.
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.macho.form import MAGICS
from rorqual.sdk import View

MAGIC, MAGIC_64 = b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"
HEADER_SIZE = 8
SLICES_MOST = 32  # the headers know fewer than that many processors, and Java versions begin at 45
ALIGN_MOST = 32  # the exponent; lipo allows 15

_ARCHIVE = b"!<arch>\n"
_BITCODE = (b"BC\xc0\xde", b"\xde\xc0\x17\x0b")


class Slice(NamedTuple):
    """fat_arch or fat_arch_64."""

    number: int
    row_at: int
    row_size: int
    cpu: int
    subtype: int
    at: int
    size: int
    align: int  # exponent
    reserved: int  # 0 in the form of 32 bits


class Fat(NamedTuple):
    """A universal file's header."""

    wide: bool
    declared: int
    slices: tuple[Slice, ...]  # those whose rows are there

    @property
    def end(self) -> int:
        """Just past the rows."""
        return HEADER_SIZE + self.declared * (32 if self.wide else 20)

    def holds(self, one: Slice) -> bool:
        """Whether the slice can be one: it has bytes, and they lie behind the header."""
        return one.size > 0 and one.at >= self.end


def read_fat(view: View) -> Fat | None:
    """The universal file's header at the view's start; None where there is none."""
    data = view.read(0, HEADER_SIZE + SLICES_MOST * 32)
    if data[:4] not in (MAGIC, MAGIC_64) or len(data) < HEADER_SIZE:
        return None
    wide, count = data[:4] == MAGIC_64, int.from_bytes(data[4:8], "big")
    if not 0 < count <= SLICES_MOST:
        return None
    shape = struct.Struct(">2I2Q2I" if wide else ">5I")
    slices = []
    for number in range(min(count, (len(data) - HEADER_SIZE) // shape.size)):
        at = HEADER_SIZE + number * shape.size
        values = shape.unpack_from(data, at)
        slices.append(Slice(number, at, shape.size, *(values if wide else (*values, 0))))
    fat = Fat(wide, count, tuple(slices))
    believed = (one for one in slices if fat.holds(one) and one.align <= ALIGN_MOST)
    return fat if any(content_of(view, one.at) is not None for one in believed) else None


def content_of(view: View, at: int) -> str | None:
    """What a slice begins as: Mach-O, archive (a static library), bitcode, or None."""
    head = view.read(at, len(_ARCHIVE))
    if head[:4] in MAGICS:
        return "Mach-O"
    if head == _ARCHIVE:
        return "archive"
    return "bitcode" if head[:4] in _BITCODE else None


def is_slice(start: View, offset: int) -> bool:
    """Whether the source, seen from its start, is a universal file with a slice just there."""
    fat = read_fat(start)
    return fat is not None and any(one.at == offset and fat.holds(one) for one in fat.slices)

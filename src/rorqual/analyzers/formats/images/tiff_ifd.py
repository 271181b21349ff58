"""Directories of TIFF (TIFF 6.0 section 2) and BigTIFF: entries of a tag, a type, a count and a value or its place."""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.images.walking import latin
from rorqual.sdk import Malformed, View, frozen

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
MOST_ENTRIES = 4096  # of a directory
MOST_COUNT = 1 << 40
BLOCK = 8192  # numbers read at once

IMAGE_WIDTH, IMAGE_LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
DESCRIPTION, MAKE, MODEL, STRIP_OFFSETS, ORIENTATION, SAMPLES = 270, 271, 272, 273, 274, 277
ROWS, STRIP_SIZES, SOFTWARE, DATE, ARTIST, TILE_OFFSETS, TILE_SIZES = 278, 279, 305, 306, 315, 324, 325
SUB_IFDS, JPEG_AT, JPEG_SIZE, COPYRIGHT = 330, 513, 514, 33432
EXIF_IFD, GPS_IFD, INTEROP_IFD, DNG_VERSION = 34665, 34853, 40965, 50706


class Entry(NamedTuple):
    """One entry; `at` is where its values stand, in the directory or elsewhere."""

    tag: int
    type: int
    many: int  # values
    at: int
    size: int  # bytes of all values
    inline: bool


@frozen
class Directories:
    """A TIFF structure, to be read by directory; places count from its header."""

    view: View
    little: bool
    big: bool

    def number(self, data: bytes) -> int:
        """An unsigned number in the structure's order."""
        return int.from_bytes(data, "little" if self.little else "big")

    def first(self) -> int:
        """Where the first directory stands."""
        return self.number(self.view.exact(8, 8) if self.big else self.view.exact(4, 4))

    def size(self, count: int) -> int:
        """Bytes of a directory of so many entries, with the pointer to the next."""
        return 16 + 20 * count if self.big else 6 + 12 * count

    def entries(self, at: int) -> tuple[list[Entry], int]:
        """The entries of the directory at `at`, and where the next is (0: nowhere).

        Raises:
            Malformed: there is no directory.
        """
        lead, width, slot = (8, 20, 8) if self.big else (2, 12, 4)
        count = self.number(self.view.exact(at, lead))
        if not 0 < count <= MOST_ENTRIES:
            raise Malformed(self.view.offset + at, f"1 to {MOST_ENTRIES} entries, found {count}")
        data = self.view.exact(at + lead, width * count)
        following = self.view.read(at + lead + width * count, slot)
        found = []
        for start in range(0, len(data), width):
            tag, type = self.number(data[start : start + 2]), self.number(data[start + 2 : start + 4])
            many = self.number(data[start + 4 : start + width - slot])
            size = SIZES.get(type, 0) * min(many, MOST_COUNT)
            inline = size <= slot
            place = at + lead + start + width - slot
            if not inline:
                place = self.number(data[start + width - slot : start + width])
            found.append(Entry(tag, type, many, place, size, inline))
        return found, self.number(following) if len(following) == slot else 0

    def numbers(self, entry: Entry, most: int) -> Iterator[int]:
        """The values of an entry of whole numbers, at most so many."""
        width = SIZES.get(entry.type, 0)
        if entry.type not in (1, 3, 4, 7, 13, 16, 17, 18):
            return
        left, at = min(entry.many, most), entry.at
        while left > 0:
            data = self.view.read(at, width * min(left, BLOCK))
            for start in range(0, len(data) - width + 1, width):
                yield self.number(data[start : start + width])
            if len(data) < width * min(left, BLOCK):
                return
            left, at = left - BLOCK, at + len(data)

    def one(self, entry: Entry | None, default: int = 0) -> int:
        """The first value of an entry of whole numbers."""
        return next(self.numbers(entry, 1), default) if entry else default

    def text(self, entry: Entry | None) -> str | None:
        """The text of an entry."""
        if entry is None or entry.type not in (2, 7, 1, 129):
            return None
        return latin(self.view.read(entry.at, min(entry.size, 1024))) or None


def directories(view: View) -> Directories:
    """The structure whose header is at the view's start.

    Raises:
        Malformed: there is no header.
    """
    head = view.exact(0, 8)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return Directories(view, head[0] == 0x49, big=False)
    if head in (b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"):
        return Directories(view, head[0] == 0x49, big=True)
    raise Malformed(view.offset, "the header of a TIFF structure")

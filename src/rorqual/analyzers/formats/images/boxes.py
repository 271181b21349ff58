"""Boxes of the ISO base media format (ISO/IEC 14496-12 section 4.2), which JPEG 2000, JPEG XL and HEIF share: a size
of 32 or 64 bits, a type of four letters, content; big-endian. Size 0 reaches to the end of the source."""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.images.walking import bytes_from
from rorqual.sdk import View

MOST = 1 << 16  # boxes of one level
CEILING = 1 << 48


class Box(NamedTuple):
    """One box; `at` is where it begins, `start` where its content does."""

    type: bytes
    at: int
    start: int
    end: int
    open: bool  # it says that it reaches to the end

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return self.end - self.start


def boxes(view: View, at: int, end: int | None = None) -> Iterator[Box]:
    """The boxes from `at` on that lie before `end` and in the source; they stop where none is."""
    for _ in range(MOST):
        head = view.read(at, 16 if end is None else min(16, end - at))
        view.step()
        if len(head) < 8 or not all(0x20 <= one < 0x7F or one == 0xA9 for one in head[4:8]):
            return
        size, start = int.from_bytes(head[:4], "big"), at + 8
        unsaid = size == 0
        if size == 1:
            size, start = int.from_bytes(head[8:], "big"), at + 16
        elif unsaid:
            size = bytes_from(view, at) if end is None else end - at
        if size < start - at or size > CEILING or (end is not None and at + size > end):
            return
        if not view.holds(at + size - 1):
            return
        yield Box(head[4:8], at, start, at + size, unsaid)
        at += size

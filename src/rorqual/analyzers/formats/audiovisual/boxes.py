"""Boxes of the ISO base media format: a size of 32 or 64 bits, four letters, data (ISO/IEC 14496-12, section 4.2)."""

from collections.abc import Iterator

from rorqual.sdk import View, frozen

MOST = 100_000  # boxes of one level
ENDLESS = 1 << 60  # bytes
LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_\xa9")


@frozen
class Box:
    """A box at `at` of `size` bytes, header counted; 0 in the file means to its end, and is resolved."""

    at: int
    name: str
    header: int
    size: int
    present: int  # bytes of it that are there

    @property
    def data(self) -> int:
        return self.at + self.header

    @property
    def end(self) -> int:
        return self.at + self.size


def box(view: View, at: int, end: int | None = None) -> Box | None:
    """The box at `at`, which must end by `end` where that is told."""
    head = view.read(at, 16)
    if len(head) < 8 or not LETTERS.issuperset(head[4:8]):
        return None
    header, size = 8, int.from_bytes(head[:4], "big")
    if size == 1:
        header, size = 16, int.from_bytes(head[8:], "big")
    elif size == 0:
        size = end - at if end is not None else view.within(at, ENDLESS)
    if size < header or size > ENDLESS or (end is not None and at + size > end):
        return None
    return Box(at, head[4:8].decode("latin-1"), header, size, view.within(at, size) if end is None else size)


def boxes(view: View, at: int, end: int) -> Iterator[Box]:
    """The boxes between `at` and `end`, as long as they fit."""
    for _ in range(MOST):
        if at + 8 > end:
            return
        view.step()
        found = box(view, at, end)
        if found is None:
            return
        yield found
        at = found.end

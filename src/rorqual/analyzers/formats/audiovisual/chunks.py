"""Chunks as RIFF and IFF have them: four letters, a size of 32 bits, data, and a byte of padding where it is odd."""

from collections.abc import Iterator
from typing import Literal

from rorqual.sdk import View, frozen

HEADER = 8
MOST = 65_536  # chunks walked at one level
UNKNOWN = (0, 0xFFFFFFFF)  # sizes of writers that could not go back to fill them in
LETTERS = frozenset(range(0x20, 0x7F))
Order = Literal["little", "big"]


@frozen
class Chunk:
    """A chunk's header at `at`; `size` of its data, as stored."""

    at: int
    name: str
    size: int

    @property
    def data(self) -> int:
        """Where its data begins."""
        return self.at + HEADER

    @property
    def end(self) -> int:
        """Where its data ends, without the padding."""
        return self.at + HEADER + self.size

    @property
    def after(self) -> int:
        """Where the next one begins."""
        return self.end + self.size % 2


def chunk(view: View, at: int, order: Order) -> Chunk | None:
    """The chunk at `at`, if its name is letters."""
    head = view.read(at, HEADER)
    if len(head) < HEADER or not LETTERS.issuperset(head[:4]):
        return None
    return Chunk(at, head[:4].decode("ascii"), int.from_bytes(head[4:], order))


def chunks(view: View, at: int, end: int, order: Order) -> Iterator[Chunk]:
    """The chunks of a list that ends at `end`, as long as they lie in it."""
    for _ in range(MOST):
        if at + HEADER > end:
            return
        view.step()
        found = chunk(view, at, order)
        if found is None or found.end > end:
            return
        yield found
        at = found.after


def settled(view: View, end: int, declared: int) -> int:
    """The end of a form whose last chunk ends (padding counted) at `end`: with the byte of padding if it is there."""
    if end == declared + 1 and view.read(declared, 1) != b"\0":
        return declared
    return end

"""What the type probe's format knowledge stands on: a bounded look at a source, and how deep a proof goes."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from rorqual.sdk import View

HEAD = 4096

# How deep a proof goes, and what it is worth. The scale: a checksum cannot hold by chance; a
# structure's fields point at each other; fields lie in their ranges; a magic of 8 bytes or more; one of 4 to
# 7; a text that declares what it is; a text that merely looks like it; text of no kind; nothing known.
CONFIDENCE = {
    "empty": 1.0,
    "checksum": 0.99,
    "structure": 0.95,
    "fields": 0.9,
    "long magic": 0.85,
    "magic": 0.75,
    "mark": 0.7,
    "habits": 0.5,
    "text": 0.4,
    "none": 0.1,
}


class Guess(NamedTuple):
    """A format id and the proof it rests on, a key of CONFIDENCE."""

    format: str
    proof: str

    @property
    def confidence(self) -> float:
        """What the proof is worth."""
        return CONFIDENCE[self.proof]


class Head:
    """The first HEAD bytes of a view, kept, and bounded reads beyond."""

    __slots__ = ("data", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self.data = view.read(0, HEAD)

    def read(self, at: int, size: int) -> bytes:
        """At most `size` bytes at `at`, from memory where the head holds them."""
        if at < 0:
            return b""
        end = at + size
        if end <= len(self.data) or len(self.data) < HEAD:
            return self.data[at:end]
        return self.view.read(at, size)

    def le(self, at: int, size: int) -> int:
        """The little-endian number at `at`; -1 where the source ends before it does."""
        data = self.read(at, size)
        return int.from_bytes(data, "little") if len(data) == size else -1

    def be(self, at: int, size: int) -> int:
        """The big-endian number at `at`; -1 where the source ends before it does."""
        data = self.read(at, size)
        return int.from_bytes(data, "big") if len(data) == size else -1

    def has(self, at: int, magic: bytes) -> bool:
        """Whether `magic` stands at `at`."""
        return self.read(at, len(magic)) == magic


Check: TypeAlias = Callable[[Head], Guess | None]

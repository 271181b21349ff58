"""What a decoder reads through: it tells how far it has read, and where the parts of its stream begin."""

from rorqual.engine.probing import Encoded
from rorqual.findings.record import Place
from rorqual.sdk import Fuel, View
from rorqual.sources.view import Source

BOUNDLESS = 1 << 62  # fuel of a decoder: it is held by what it may put out
PARTS = 100_000  # starts of parts remembered while one source's streams are decoded


class Followed(View):
    """A decoder's view of its stream: tells how far it has read and where the parts of the stream begin."""

    __slots__ = ("_codec", "_parts", "consumed")

    def __init__(self, source: Source, place: Place, encoded: Encoded, parts: set[tuple[str, int]]) -> None:
        super().__init__(source, place, encoded.offset, fuel=Fuel(BOUNDLESS))
        self._codec = encoded.codec.name
        self._parts = parts
        self.consumed = 0  # bytes from the stream's start to the furthest byte read

    def read(self, at: int, size: int) -> bytes:
        data = super().read(at, size)
        self.consumed = max(self.consumed, at + len(data))
        return data

    def sub(self, at: int, size: int | None = None) -> View:
        return Within(self, at, size)

    def part(self, at: int) -> None:
        if len(self._parts) < PARTS:
            self._parts.add((self._codec, self.offset + at))


class Within(View):
    """A part of a followed view, whose reads count for the whole."""

    __slots__ = ("_at", "_size", "_whole")

    def __init__(self, whole: View, at: int, size: int | None) -> None:
        self._whole, self._at, self._size = whole, at, size
        self.place, self.offset, self.fuel = whole.place, whole.offset + at, whole.fuel

    def read(self, at: int, size: int) -> bytes:
        if at < 0 or (self._size is not None and at >= self._size):
            return b""
        return self._whole.read(self._at + at, size if self._size is None else min(size, self._size - at))

    def sub(self, at: int, size: int | None = None) -> View:
        return Within(self, at, size)

"""A stretch of another source as a source of its own: nothing is copied."""

from rorqual.sources.view import Source


class PartSource:
    """`size` bytes at `start` of `whole`; short where that one is."""

    def __init__(self, whole: Source, start: int, size: int) -> None:
        self.whole: Source = whole
        self.start: int = start
        self.size: int = size
        if isinstance(whole, PartSource):  # parts of parts read from the one that holds the bytes
            self.size = max(0, min(size, whole.size - start))
            self.whole, self.start = whole.whole, whole.start + start

    def read_at(self, offset: int, size: int, /) -> bytes:
        size = min(size, self.size - offset)
        return self.whole.read_at(self.start + offset, size) if size > 0 else b""

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        size = min(len(buffer), self.size - offset)
        return self.whole.read_into(self.start + offset, buffer[:size]) if size > 0 else 0

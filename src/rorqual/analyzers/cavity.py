"""Room inside a format, told only where there is something in it."""

from collections.abc import Iterator

from rorqual.sdk import Finding, Hit, Room, View

LEAST = 8  # bytes: less hides nothing
LOOKED_AT = 1 << 20  # bytes of one room read in search of something that is not zero
FIRST = 256
BLOCK = 64 << 10


def room(hit: Hit, at: int, size: int, format: str, use: str) -> Iterator[Finding]:
    """The finding on `size` bytes at `at`, as far as they are there, unless they are few or zero."""
    if size >= LEAST and anything(hit.view, at, size):
        present = hit.view.within(at, size)
        if present >= LEAST:
            yield hit.finding(at, present, Room(format, use))


def anything(view: View, at: int, size: int, most: int = LOOKED_AT) -> bool:
    """Whether the first `most` bytes of these have one that is not zero."""
    end, step = at + min(size, most), FIRST
    while at < end:
        data = view.read(at, min(step, end - at))
        if data.strip(b"\0"):
            return True
        if not data:
            return False
        at += len(data)
        step = BLOCK
    return False

"""AMR speech: "#!AMR\\n" or "#!AMR-WB\\n", then frames of one byte of header and as much data as its mode has.

RFC 4867, section 5. Multi-channel files are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
SIZES = {  # bytes of data by frame type
    NARROW: {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0},
    WIDE: {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0},
}
MILLISECONDS = 20  # of a frame
NEEDED = 3
MOST = 2_000_000
BLOCK = 4096


@frozen
class AMRAudio:
    """A file; the finding spans it."""

    tag: ClassVar[str] = "amr_audio"
    wide: bool  # AMR-WB
    frames: int
    seconds: float


class AMR:
    """Finds files anywhere."""

    name = "amr"
    version = 1
    wakes_on = (Anchor(rb"#!AMR\n[\x04-\x7c]"), Anchor(rb"#!AMR-WB\n[\x04-\x7c]"))

    def score(self, view: View, /) -> int:
        """The first frame's padding bits are 0."""
        head = view.read(0, len(WIDE) + 1)
        start = len(NARROW) if head.startswith(NARROW) else len(WIDE)
        return int(len(head) > start and not head[start] & 0x83)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        magic = WIDE if view.read(0, len(WIDE)) == WIDE else NARROW
        sizes, at, frames, start, data = SIZES[magic], len(magic), 0, 0, b""
        while frames < MOST:
            view.step()
            if at >= start + len(data):
                start, data = at, view.read(at, BLOCK)
                if not data:
                    break
            head = data[at - start]
            if head & 0x83 or head >> 3 not in sizes:
                break
            after = at + 1 + sizes[head >> 3]
            if after > start + len(data) and view.within(at, after - at) < after - at:
                break
            at = after
            frames += 1
        if frames < NEEDED:
            raise Malformed(view.offset + at, f"{NEEDED} frames")
        yield hit.finding(0, at, AMRAudio(magic == WIDE, frames, frames * MILLISECONDS / 1000))
        yield Extent(0, at, "amr", f"{frames} frames parse to the end")

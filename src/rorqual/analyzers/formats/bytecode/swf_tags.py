"""The movie inside a Flash file: frame size, rate, and tags, each with a code and a length.

https://open-flash.github.io/mirrors/swf-spec-19.pdf, chapters 1, 2 and appendix A.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.reader import Reader
from rorqual.sdk import View

HEADER = 8
TAGS_MOST = 1 << 20
LONG = 0x3F
END, JPEG2, PROTECT, JPEG3, PRODUCT, METADATA, ATTRIBUTES, ABC, BINARY = 0, 21, 24, 35, 41, 77, 69, 82, 87
ACTIONS = (12, 59)  # scripts of before version 9
DEBUGGING = (58, 64)  # EnableDebugger, EnableDebugger2
SKIPPED = {JPEG2: 2, JPEG3: 6, BINARY: 6}  # bytes before the data that a tag embeds


class Tag(NamedTuple):
    """A tag; `at` and `end` enclose its content."""

    code: int
    at: int
    end: int


class Movie:
    """What follows the header.

    Raises:
        Malformed: there is none.
        Cut: it goes on behind the end of the source.
    """

    def __init__(self, view: View, end: int) -> None:
        reader = Reader(view, HEADER)
        bits = reader.peek(1)[0] >> 3 if reader.peek(1) else 0
        raw = reader.take((5 + 4 * bits + 7) // 8)
        value, wide = int.from_bytes(raw, "big"), 8 * len(raw) - 5
        sides = [_signed(value >> wide - bits * (index + 1), bits) for index in range(4)]
        reader.check(bits > 0 and sides[0] <= sides[1] and sides[2] <= sides[3], "a frame")
        self.width, self.height = (sides[1] - sides[0]) / 20, (sides[3] - sides[2]) / 20
        self.rate = reader.number(2) / 256
        self.frames = reader.number(2)
        self.tags = 0
        self.codes: dict[int, int] = {}
        self.embedded: list[Tag] = []
        self.metadata: list[Tag] = []
        self.flags = 0
        self.ended = False
        while reader.at + 2 <= end and self.tags < TAGS_MOST:
            head = reader.number(2)
            code, size = head >> 6, head & LONG
            if size == LONG:
                size = reader.number(4)
            tag = Tag(code, reader.at, reader.at + size)
            reader.check(tag.end <= end, "a tag inside the movie")
            self.tags += 1
            self.codes[code] = self.codes.get(code, 0) + 1
            if code == END:
                self.ended = True
                break
            self._note(tag, reader)
            reader.at = tag.end
        self.end = reader.at
        reader.reach(self.end)
        reader.check(self.ended or self.end == end, "a tag that ends the movie")

    def _note(self, tag: Tag, reader: Reader) -> None:
        if tag.code in SKIPPED and tag.end - tag.at > SKIPPED[tag.code] + 4 and len(self.embedded) < 256:
            self.embedded.append(Tag(tag.code, tag.at + SKIPPED[tag.code], tag.end))
        elif tag.code == METADATA and len(self.metadata) < 16:
            self.metadata.append(tag)
        elif tag.code == ATTRIBUTES and tag.end > tag.at:
            self.flags = reader.byte()


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value

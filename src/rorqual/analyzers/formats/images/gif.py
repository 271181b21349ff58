"""GIF images, 87a and 89a: a screen, colour tables, extensions and images in sub-blocks, a trailer.

https://www.w3.org/Graphics/GIF/spec-gif89a.txt. The LZW data is not decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Ahead, Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
PLAIN_TEXT, GRAPHIC, COMMENT, APPLICATION = 0x01, 0xF9, 0xFE, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
MOST_BLOCKS = 1 << 20  # extensions and images
MOST_JUNK = 64  # zeros between blocks that decoders pass over
LONGEST_DATA = 1 << 31


@frozen
class GIFImage:
    """An image or animation; the finding spans it up to the trailer, or the blocks that are there."""

    tag: ClassVar[str] = "gif_image"
    version: str
    width: int
    height: int
    colours: int  # of the global table
    frames: int
    duration: int  # hundredths of a second
    loops: int | None  # 0: for ever; None: it does not say
    comment: str | None
    applications: tuple[str, ...]
    ended: bool


@dataclass(slots=True)
class _Walk:
    found: Found = field(default_factory=lambda: Found("gif", lead=4))
    end: int = 13
    frames: int = 0
    duration: int = 0
    loops: int | None = None
    comment: str | None = None
    applications: list[str] = field(default_factory=list)
    ended: bool = False


class GIF:
    """Finds GIF images anywhere."""

    name = "gif"
    version = 1
    wakes_on = (Anchor(rb"GIF8[79]a"),)

    def score(self, view: View, /) -> int:
        """A block introducer stands behind the colour table."""
        head = view.read(6, 7)
        if len(head) < 7:
            return 0
        return int(view.read(_table(head[4]) + 13, 1) in (b"!", b",", b"\0"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        head = hit.view.exact(0, 13)
        walk = _Walk()
        walk.end += _table(head[10])
        try:
            _walk(walk, hit.view)
        except Malformed:
            if not walk.frames:
                raise
        if not walk.frames:
            raise Malformed(hit.offset + walk.end, "an image")
        body = GIFImage(
            head[3:6].decode(),
            int.from_bytes(head[6:8], "little"),
            int.from_bytes(head[8:10], "little"),
            _table(head[10]) // 3,
            walk.frames,
            walk.duration,
            walk.loops,
            walk.comment,
            tuple(walk.applications),
            walk.ended,
        )
        yield hit.finding(0, walk.end, body)
        if walk.ended:
            yield Extent(0, walk.end, "gif", f"blocks of {walk.frames} images up to the trailer")
        yield from walk.found.said(hit)


def _table(flags: int) -> int:
    """Bytes of the colour table that the flags tell of."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _walk(walk: _Walk, view: View) -> None:
    """Follows the blocks up to the trailer."""
    ahead, at, zeros = Ahead(view), walk.end, 0
    for _ in range(MOST_BLOCKS):
        view.step()
        kind = ahead.byte(at)
        if kind == TRAILER:
            walk.end, walk.ended = at + 1, True
            return
        if kind == EXTENSION:
            at = _extension(walk, view, ahead, at)
        elif kind == IMAGE:
            flags = ahead.byte(at + 9)
            start = at + 10 + _table(flags)
            if not 1 <= ahead.byte(start) <= 11:
                raise Malformed(view.offset + start, "a code size of 1 to 11 bits")
            walk.frames += 1
            at = _blocks_end(view, ahead, start + 1)
        elif kind == 0 and zeros < MOST_JUNK:
            at, zeros = at + 1, zeros + 1
            continue
        else:
            raise Malformed(view.offset + at, "an extension, an image or the trailer")
        walk.end = at


def _extension(walk: _Walk, view: View, ahead: Ahead, at: int) -> int:
    """Notes what an extension tells; where it ends."""
    label, first = ahead.byte(at + 1), ahead.byte(at + 2)
    data = ahead.read(at + 3, first)
    end = _blocks_end(view, ahead, at + 2)
    if label == GRAPHIC and first == 4:
        walk.duration += int.from_bytes(data[1:3], "little")
        if end > at + 8:
            walk.found.room(at + 7, end - at - 7, "slack")
    elif label == APPLICATION and first >= 11:
        name = latin(data[:11])
        if name not in walk.applications and len(walk.applications) < 8:
            walk.applications.append(name)
        if data[:11] in LOOPS and end == at + 19:
            walk.loops = int.from_bytes(ahead.read(at + 16, 2), "little")
        else:
            walk.found.room(at + 14, end - at - 15, "metadata")
    elif label == COMMENT:
        if walk.comment is None:
            walk.comment = latin(data)
        walk.found.room(at + 3, end - at - 4, "comment")
    else:
        walk.found.room(at + 3, end - at - 4, "comment" if label == PLAIN_TEXT else "private")
    return end


def _blocks_end(view: View, ahead: Ahead, at: int) -> int:
    """Just past the sub-block of no length that ends those from `at` on."""
    start = at
    while size := ahead.byte(at):
        at += 1 + size
        if at - start > LONGEST_DATA:
            raise Malformed(view.offset + at, "the end of sub-blocks")
        view.step()
    return at + 1

"""BPG images: a header of packed fields, extensions, HEVC data; https://bellard.org/bpg/bpg_spec.txt.

Numbers are stored seven bits to a byte. Where the header does not say how long the picture is, it reaches to the end
of the source. The picture is not decoded.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.walking import Found, bytes_from
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

FORMATS = {0: "grey", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4", 4: "4:2:0 video", 5: "4:2:2 video"}
USES = {1: "metadata", 2: "metadata", 3: "metadata", 4: "metadata"}  # EXIF, ICC, XMP, thumbnail
ANIMATION, EXIF = 5, 1
MOST = 256  # extensions
CEILING = 1 << 32


@frozen
class BPGImage:
    """An image; the finding spans header, extensions and picture."""

    tag: ClassVar[str] = "bpg_image"
    width: int
    height: int
    depth: int
    sampling: str
    alpha: bool
    animated: bool
    extensions: int
    picture: int  # bytes
    said: bool  # whether the header says how long the picture is


class BPG:
    """Finds BPG images anywhere."""

    name = "bpg"
    version = 1
    wakes_on = (Anchor(rb"BPG\xfb[\x00-\xb6][\x00-\xff]"),)

    def score(self, view: View, /) -> int:
        """Depth and colour space are those there are."""
        head = view.read(4, 2)
        return int(len(head) == 2 and head[0] & 15 <= 6 and head[1] >> 4 <= 4)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("bpg")
        first, second = view.exact(4, 2)
        width, at = _number(view, 6)
        height, at = _number(view, at)
        picture, at = _number(view, at)
        extended, count, blocks = second & 8, 0, []
        if not width or not height or first >> 5 not in FORMATS:
            raise Malformed(hit.offset + 6, "sides of a picture")
        if extended:
            size, at = _number(view, at)
            end = at + size
            for _ in range(MOST):
                if at >= end:
                    break
                view.step()
                kind, start = _number(view, at)
                length, start = _number(view, start)
                if start + length > end:
                    raise Malformed(hit.offset + at, f"an extension within {size} bytes")
                count, at = count + 1, start + length
                if kind != ANIMATION:
                    found.room(start, length, USES.get(kind, "private"))
                if kind == EXIF:
                    blocks.append((start, length))
            if at != end:
                raise Malformed(hit.offset + at, "the end of the extensions")
        # The HEVC header has its own size; behind it start codes lead the units of the picture.
        header, start = _number(view, at)
        if first & 16 or second & 4:  # alpha: its header comes first, and its size
            header, start = _number(view, start + header)
        if not 0 < header <= 4096 or (picture and start + header > at + picture):
            raise Malformed(hit.offset + at, "an HEVC header")
        said = bool(picture)
        picture = picture or bytes_from(view, at)
        present = view.within(at, picture)
        if start + header >= at + present:
            raise Malformed(hit.offset + start, "an HEVC header and a picture")
        fields = (first & 15) + 8, FORMATS[first >> 5], bool(first & 16 or second & 4), bool(second & 1)
        yield hit.finding(0, at + present, BPGImage(width, height, *fields, count, picture, said))
        if present == picture:
            how = "the size in the header" if said else "a picture up to the end of the source"
            yield Extent(0, at + picture, "bpg", f"{count} extensions, an HEVC header and {how}")
        for block in blocks:
            yield from exif(hit, *block)
        yield from found.said(hit)


def _number(view: View, at: int) -> tuple[int, int]:
    """A number of at most 32 bits, seven to a byte, and where it ends."""
    value = 0
    for place, byte in enumerate(view.exact(at, 1) + view.read(at + 1, 4)):
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            if value >= CEILING or (place and not value >> 7 * place):
                break
            return value, at + place + 1
    raise Malformed(view.offset + at, "a number of at most five bytes")

"""JPEG 2000 images: boxes from a signature on (JP2, JPX), ITU-T T.800 annex I and T.801 annex M.

Where the codestream's box reaches to the end of the source, the image ends with the codestream.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.boxes import Box, boxes
from rorqual.analyzers.formats.images.codestream import Codestream, codestream
from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

KNOWN = frozenset(
    b"jp2h jp2c jp2i uuid uinf rreq jpch jplh ftbl dtbl asoc cref nlst free mdat drep gtso chck comp copt inst "
    b"mp7b roid ohdr mdia skip wide moov jumb".split()
) | {b"xml ", b"lbl ", b"res "}
USES = {
    b"xml ": "metadata",
    b"uuid": "metadata",
    b"jp2i": "metadata",
    b"free": "unused",
    b"skip": "unused",
    b"jumb": "metadata",
}


@frozen
class JPEG2000Image:
    """An image; the finding spans its boxes, or its codestream where that stands alone."""

    tag: ClassVar[str] = "jpeg2000_image"
    brand: str | None  # None: a bare codestream
    width: int
    height: int
    components: int
    tiles: int
    boxes: tuple[str, ...]
    comment: str | None


class JP2:
    """Finds JP2 and JPX images anywhere."""

    name = "jp2"
    version = 1
    wakes_on = (Anchor(rb"\x00\x00\x00\x0cjP[\x20\x1a][\x20\x1a]\x0d\x0a\x87\x0a"),)

    def score(self, view: View, /) -> int:
        """The signature is followed by the file's type."""
        return int(view.read(16, 4) == b"ftyp")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("jp2")
        names: list[str] = []
        stream: Codestream | None = None
        brand, end, shape = b"", 12, (0, 0, 0)
        for one in boxes(view, 12):
            if brand and one.type not in KNOWN and not one.type.isalnum():
                break
            if one.type == b"ftyp":
                brand = view.read(one.start, 4)
            if len(names) < 64:
                names.append(latin(one.type))
            end = one.end
            if one.type == b"jp2c" and stream is None:
                stream = codestream(view, one.start)
                for place in stream.comments:
                    found.room(*place, "comment")
                if one.open:
                    end = stream.end
                    break
                if stream.end < one.end:
                    found.room(stream.end, one.end - stream.end, "slack")
            elif one.type == b"jp2h":
                shape = _shape(view, one)
            elif one.type in USES:
                found.room(one.start, one.size, USES[one.type])
            elif one.type not in KNOWN and one.type != b"ftyp":
                found.room(one.start, one.size, "private")
        if not brand or not (any(shape) or stream):
            raise Malformed(hit.offset + end, "boxes of a header")
        comment = latin(stream.comment) or None if stream else None
        sides = stream[:4] if stream else (*shape, 0)
        yield hit.finding(0, end, JPEG2000Image(latin(brand), *sides, tuple(names), comment))
        if stream:
            format = "jpx" if brand == b"jpx " else "jp2"
            yield Extent(0, end, format, f"{len(names) + 1} boxes, a codestream of {stream.tiles} tile-parts up to EOC")
        yield from found.said(hit)


def _shape(view: View, header: Box) -> tuple[int, int, int]:
    """Width, height and components, as "ihdr" tells them; zeros where it does not."""
    for one in boxes(view, header.start, header.end):
        data = view.read(one.start, 10)
        if one.type == b"ihdr" and len(data) == 10:
            return int.from_bytes(data[4:8], "big"), int.from_bytes(data[:4], "big"), int.from_bytes(data[8:], "big")
    return 0, 0, 0

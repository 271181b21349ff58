"""JPEG XL images in a container: boxes from a signature on (ISO/IEC 18181-2).

Bare codestreams have a magic number of two bytes and no length, and are not handled; neither is what the container
compresses ("brob").
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.boxes import boxes
from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

KNOWN = (b"ftyp", b"jxlc", b"jxlp", b"jxll", b"jxli", b"jbrd", b"jhgm")
METADATA = (b"Exif", b"xml ", b"brob", b"jumb")
CODESTREAM = b"\xff\x0a"


@frozen
class JXLImage:
    """An image; the finding spans its boxes."""

    tag: ClassVar[str] = "jxl_image"
    boxes: tuple[str, ...]
    jpeg: bool  # a JPEG can be made of it again


class JXL:
    """Finds JPEG XL containers anywhere."""

    name = "jxl"
    version = 1
    wakes_on = (Anchor(rb"\x00\x00\x00\x0cJXL\x20\x0d\x0a\x87\x0a"),)

    def score(self, view: View, /) -> int:
        """The file's type follows."""
        return int(view.read(16, 8) == b"ftypjxl ")

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found, end, sound = hit.view, Found("jxl"), 12, False
        names: list[str] = []
        blocks = []
        for one in boxes(view, 12):
            if one.type not in (*KNOWN, *METADATA) and not (one.type.isalnum() and sound):
                break
            if one.type in (b"jxlc", b"jxlp"):
                lead = 4 if one.type == b"jxlp" else 0
                sound = sound or view.read(one.start + lead, 2) == CODESTREAM
            elif one.type in METADATA:
                found.room(one.start, one.size, "metadata")
                if one.type == b"Exif" and one.size > 4:
                    blocks.append((one.start + 4, one.size - 4))
            elif one.type not in KNOWN:
                found.room(one.start, one.size, "private")
            if len(names) < 64:
                names.append(latin(one.type))
            end = one.end
        if not sound:
            raise Malformed(hit.offset + end, "a box with a codestream")
        yield hit.finding(0, end, JXLImage(tuple(names), "jbrd" in names))
        yield Extent(0, end, "jxl", f"{len(names) + 1} boxes, with a codestream")
        for block in blocks:
            yield from exif(hit, *block)
        yield from found.said(hit)

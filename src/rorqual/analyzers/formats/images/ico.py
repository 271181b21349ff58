"""Windows icons and cursors: a directory of 6 bytes and 16 for each image, which is a DIB without a file header or
a PNG; little-endian.

https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10). There is no magic number: every entry must lead to
an image of its size.
"""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.images.dib import dib
from rorqual.analyzers.formats.images.walking import Found, gaps
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER, ENTRY = 6, 16
MOST = 256  # images
PNG = b"\x89PNG\r\n\x1a\n"


class IconEntry(NamedTuple):
    """One image of an icon; a side of 0 in the directory stands for 256 or more."""

    width: int
    height: int
    depth: int  # bits a pixel
    format: str  # "bmp" or "png"
    at: int
    size: int


@frozen
class IconDirectory:
    """An icon or a cursor; the finding spans directory and images."""

    tag: ClassVar[str] = "icon_directory"
    cursor: bool
    images: tuple[IconEntry, ...]


class ICO:
    """Finds icons and cursors anywhere."""

    name = "ico"
    version = 1
    wakes_on = (
        Anchor(
            rb"\x00\x00\x01\x00[\x01-\x80]\x00[\x00-\xff]{3}[\x00\xff][\x00\x01]\x00[\x00-\x20]\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00"
        ),
        Anchor(
            rb"\x00\x00\x02\x00[\x01-\x80]\x00[\x00-\xff]{3}\x00[\x00-\xff]\x00[\x00-\xff]\x00[\x00-\xff]{3}\x00[\x00-\xff]{3}\x00"
        ),
    )

    def score(self, view: View, /) -> int:
        """The first entry leads to the beginning of an image."""
        head = view.read(0, HEADER + ENTRY)
        if len(head) < HEADER + ENTRY:
            return 0
        size, at = int.from_bytes(head[14:18], "little"), int.from_bytes(head[18:22], "little")
        if at < HEADER + ENTRY * head[4] or size < 40:
            return 0
        return int(view.read(at, 4) in (b"\x28\0\0\0", b"\x0c\0\0\0", PNG[:4]))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        count = int.from_bytes(head[4:], "little")
        if not 0 < count <= MOST:
            raise Malformed(hit.offset + 4, f"1 to {MOST} images")
        table = view.exact(HEADER, ENTRY * count)
        images, begins = [], HEADER + ENTRY * count
        for start in range(0, len(table), ENTRY):
            view.step()
            images.append(_image(view, table[start : start + ENTRY], begins))
        format = "cur" if head[2] == 2 else "ico"
        end = max(image.at + image.size for image in images)
        if not view.holds(end - 1):
            raise Malformed(hit.offset + end, "the last image")
        yield hit.finding(0, end, IconDirectory(format == "cur", tuple(images)))
        yield Extent(0, end, format, f"all {count} entries lead to images of their sizes")
        found = Found(format)
        spans = [(0, begins), *((image.at, image.at + image.size) for image in images)]
        for at, size in gaps(spans, end):
            found.room(at, size, "slack")
        ordered = sorted(spans)
        for (first, stop), (second, _) in zip(ordered, ordered[1:], strict=False):
            if first != second and second < stop:
                found.anomaly(second, stop - second, "icon_images_overlap", f"images at {first:#x} and {second:#x}")
        yield from found.said(hit)


def _image(view: View, entry: bytes, begins: int) -> IconEntry:
    """What an entry leads to.

    Raises:
        Malformed: no image of that size.
    """
    size, at = int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:], "little")
    place = view.offset + at
    if at < begins or not 40 <= size < 1 << 28:
        raise Malformed(place, f"an image behind the directory, found {size} bytes")
    head = view.read(at, 26)
    if head[:8] == PNG and head[12:16] == b"IHDR":
        width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
        return IconEntry(width, height, head[24], "png", at, size)
    header = dib(view, at)
    if header is None or (header.height % 2 and header.height != entry[1]):
        raise Malformed(place, "a DIB or PNG image")
    height = abs(header.height) // 2 if abs(header.height) > header.width else abs(header.height)
    rows = (header.width * header.depth + 31) // 32 * 4 * height
    if header.header + header.palette + rows > size + 4:
        raise Malformed(place, f"pixels of {header.width} by {height} in {size} bytes")
    return IconEntry(header.width, height, header.depth, "bmp", at, size)

"""Windows and OS/2 bitmaps: a file header of 14 bytes, a DIB header, a palette, rows of pixels.

MS-WMF 2.2.2.9 and the OS/2 Presentation Manager reference. There is no checksum: the size in the file header, the
place of the pixels and their dimensions must agree. Arrays of bitmaps ("BA") are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.dib import COMPRESSIONS, DIB, dib
from rorqual.analyzers.formats.images.walking import Found, as_it_is
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

FILE_HEADER = 14
PADDING = 4  # bytes by which honest writers are wrong


@frozen
class BMPImage:
    """A bitmap; the finding spans it as far as it is there."""

    tag: ClassVar[str] = "bmp_image"
    width: int
    height: int  # negative: from the top down
    depth: int  # bits a pixel
    compression: str
    header: int  # bytes of the DIB header, which tell its version
    colours: int
    pixels_at: int
    stated: int  # bytes, in the file header


class BMP:
    """Finds bitmaps anywhere."""

    name = "bmp"
    version = 1
    wakes_on = (Anchor(rb"BM[\x00-\xff]{11}\x00[\x0c\x10-\x40\x6c\x7c]\x00\x00\x00"),)

    def score(self, view: View, /) -> int:
        """The fields of the DIB header."""
        return int(dib(view, FILE_HEADER) is not None)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head, header = view.exact(0, FILE_HEADER), dib(view, FILE_HEADER)
        if header is None:
            raise Malformed(hit.offset + FILE_HEADER, "a DIB header")
        stated, pixels = int.from_bytes(head[2:6], "little"), int.from_bytes(head[10:14], "little")
        begins = FILE_HEADER + header.header + header.masks
        palette = begins + header.palette
        ends = pixels + header.stored
        profile = FILE_HEADER + header.profile[0], FILE_HEADER + sum(header.profile)
        ends = max(ends, profile[1] if header.profile[1] else 0)
        if pixels < begins or not header.stored:
            raise Malformed(hit.offset + 10, f"pixels from {begins:#x} on")
        fits = stated >= ends and (stated - ends <= PADDING or pixels - palette in (0, 2) or view.holds(stated - 1))
        if not fits and pixels != palette:
            raise Malformed(hit.offset + 2, f"a size of {ends} bytes, found {stated}")
        size = stated if fits and view.holds(stated - 1) else ends
        present = view.within(0, size)
        name = COMPRESSIONS[header.compression]
        body = BMPImage(*header[1:4], name, header.header, header.colours, pixels, stated)
        yield hit.finding(0, present, body)
        if present < size:
            return
        found = Found("bmp")
        if stated != size:
            found.anomaly(2, 4, "bmp_size_wrong", f"{stated} bytes stated, {size} needed")
        if head[6:10].strip(b"\0"):
            found.anomaly(6, 4, "bmp_reserved_used", head[6:10].hex())
        _rooms(found, header, palette=palette, pixels=pixels, ends=ends, size=size)
        if header.profile[1]:
            found.room(profile[0], header.profile[1], "metadata")
            found.child(as_it_is(profile[0], header.profile[1], "bmp-profile"))
        yield Extent(0, size, "bmp", "size, place of the pixels and dimensions agree")
        yield from found.said(hit)


def _rooms(found: Found, header: DIB, *, palette: int, pixels: int, ends: int, size: int) -> None:
    """What lies between palette and pixels, and behind them."""
    if pixels > palette:
        found.room(palette, pixels - palette, "slack")
    last = pixels + header.stored
    if size > max(ends, last):
        found.room(max(ends, last), size - max(ends, last), "slack")

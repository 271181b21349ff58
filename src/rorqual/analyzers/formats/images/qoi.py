"""QOI images: a header of 14 bytes, codes of pixels, seven zeros and a one; big-endian.

https://qoiformat.org/qoi-specification.pdf. No row of codes that an encoder writes has seven zeros.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 14
END = b"\0\0\0\0\0\0\0\1"
READ = 64 << 10
MOST_RUN = 62  # pixels of one code
MOST_PIXELS = 400_000_000


@frozen
class QOIImage:
    """An image; the finding spans it up to the end of its codes."""

    tag: ClassVar[str] = "qoi_image"
    width: int
    height: int
    channels: int
    linear: bool  # whether all channels are


class QOI:
    """Finds QOI images anywhere."""

    name = "qoi"
    version = 1
    wakes_on = (Anchor(rb"qoif[\x00-\xff]{8}[\x03\x04][\x00\x01]"),)

    def score(self, view: View, /) -> int:
        """Sides of a picture."""
        head = view.read(4, 8)
        width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
        return int(0 < width * height <= MOST_PIXELS)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, HEADER)
        width, height, channels = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big"), head[12]
        most = width * height * (channels + 1) + len(END)
        at = HEADER
        while at - HEADER < most:
            data = view.read(at, READ)
            found = data.find(END)
            if found >= 0:
                end = at + found
                break
            if len(data) < READ:
                raise Malformed(hit.offset + at + len(data), "the end of the codes")
            at += READ - len(END) + 1
        else:
            raise Malformed(hit.offset + at, f"the end within {most} bytes")
        codes = end - HEADER
        if not width * height <= codes * MOST_RUN or codes > most:
            raise Malformed(hit.offset + HEADER, f"codes of {width * height} pixels")
        size = end + len(END)
        yield hit.finding(0, size, QOIImage(width, height, channels, bool(head[13])))
        yield Extent(0, size, "qoi", f"{codes} bytes of codes for {width * height} pixels lead to the end")

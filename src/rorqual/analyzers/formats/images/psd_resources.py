"""Image resources of Photoshop ("8BIM", a number, a name, data), in PSD files and in APP13 of JPEG.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/, "Image Resources Section".
"""

from collections.abc import Iterator
from typing import NamedTuple

from rorqual.sdk import View

SIGNATURES = (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR")
THUMBNAILS = (1033, 1036)
THUMBNAIL_HEADER = 28
MOST = 4096  # resources of one section


class Resource(NamedTuple):
    """One resource; `at` is that of its data."""

    number: int
    name: bytes
    at: int
    size: int
    end: int  # of the padded data


def resources(view: View, at: int, end: int) -> Iterator[Resource]:
    """The resources between `at` and `end`, as far as they are sound."""
    for _ in range(MOST):
        head = view.read(at, min(12 + 256, end - at))
        if len(head) < 12 or head[:4] not in SIGNATURES:
            return
        view.step()
        named = (head[6] + 2) & ~1
        start = 6 + named
        if len(head) < start + 4:
            return
        size = int.from_bytes(head[start : start + 4], "big")
        data = at + start + 4
        if data + size > end:
            return
        at = data + size + (size & 1)
        yield Resource(int.from_bytes(head[4:6], "big"), head[7 : 7 + head[6]], data, size, at)

"""Targa images of version 2: a header of 18 bytes, pixels, and a footer by which they are found; little-endian.

Truevision TGA File Format Specification, version 2.0. Images without a footer have no magic number and are not
handled. Where the footer does not tell where the image begins, it is taken to begin with the source.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER, FOOTER, EXTENSION = 18, 26, 495
TYPES = {1: "palette", 2: "colour", 3: "grey", 9: "palette, runs", 10: "colour, runs", 11: "grey, runs"}
DEPTHS = (1, 8, 15, 16, 24, 32)


@frozen
class TGAImage:
    """An image; the finding spans it from the header to the footer's end."""

    tag: ClassVar[str] = "tga_image"
    kind: str
    width: int
    height: int
    depth: int  # bits a pixel
    identification: str | None
    author: str | None
    comment: str | None
    software: str | None


class TGA:
    """Finds Targa images by their footers."""

    name = "tga"
    version = 1
    wakes_on = (Anchor(rb"TRUEVISION-XFILE\.\x00", back=8),)

    def score(self, view: View, /) -> int:
        """Always: the footer is long enough a magic number."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        footer = hit.view.exact(0, FOOTER)
        extension, developer = int.from_bytes(footer[:4], "little"), int.from_bytes(footer[4:8], "little")
        begins = {hit.offset}
        if extension:
            begins.add(extension + EXTENSION)
        for back in sorted(begins):
            if not HEADER <= back <= hit.offset:
                continue
            view = hit.view.sub(-back)
            head = view.read(0, HEADER)
            if _sound(head, back, extension, developer):
                yield from _said(hit, view, head, back=back, extension=extension)
                return
        raise Malformed(hit.offset, "a header that the footer belongs to")


def _sound(head: bytes, back: int, extension: int, developer: int) -> bool:
    """Whether it is a header; pixels that are not packed must fit before the footer."""
    if len(head) < HEADER or head[1] > 1 or head[2] not in TYPES or head[16] not in DEPTHS:
        return False
    width, height = int.from_bytes(head[12:14], "little"), int.from_bytes(head[14:16], "little")
    pixels = _pixels(head) if head[2] < 9 else 1
    return bool(width and height) and _begins(head) + pixels <= back and max(extension, developer) < back


def _pixels(head: bytes) -> int:
    """Bytes of pixels that are not packed."""
    width, height = int.from_bytes(head[12:14], "little"), int.from_bytes(head[14:16], "little")
    return (width + 7) // 8 * height if head[16] == 1 else width * height * ((head[16] + 7) // 8)


def _begins(head: bytes) -> int:
    """Where the pixels begin."""
    return HEADER + head[0] + int.from_bytes(head[5:7], "little") * ((head[7] + 7) // 8) * head[1]


def _said(hit: Hit, view: View, head: bytes, *, back: int, extension: int) -> Iterator[Said]:
    found, fields = Found("tga"), b""
    found.room(HEADER - back, head[0], "comment")
    if extension:
        fields = view.read(extension, EXTENSION)
        found.room(extension - back, EXTENSION, "metadata")
    pixels = _begins(head)
    size = _pixels(head)
    if head[2] < 9:
        following = extension if extension > pixels + size else back if not extension else 0
        if following:
            found.room(pixels + size - back, following - pixels - size, "unused")
    yield hit.finding(
        -back,
        back + FOOTER,
        TGAImage(
            kind=TYPES[head[2]],
            width=int.from_bytes(head[12:14], "little"),
            height=int.from_bytes(head[14:16], "little"),
            depth=head[16],
            identification=latin(view.read(HEADER, head[0])) or None,
            author=latin(fields[2:43]) or None,
            comment=latin(fields[43:367]) or None,
            software=latin(fields[426:467]) or None,
        ),
    )
    yield Extent(-back, back + FOOTER, "tga", "a header, pixels and the footer they lead to")
    yield from found.said(hit)

"""WebP images: a RIFF file of the form WEBP with chunks of VP8, VP8L or both in VP8X, little-endian.

RFC 9649. The pictures are not decoded.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.walking import Found, as_it_is
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

PICTURES = (b"VP8 ", b"VP8L", b"ANMF")
METADATA = (b"EXIF", b"XMP ", b"ICCP")
KNOWN = (*PICTURES, b"VP8X", b"ANIM", b"ALPH")
MOST = 1 << 18  # chunks


@frozen
class WebPImage:
    """An image or animation; the finding spans the chunks that are there."""

    tag: ClassVar[str] = "webp_image"
    width: int
    height: int
    lossless: bool
    extended: bool
    frames: int
    chunks: int


class WebP:
    """Finds WebP images anywhere."""

    name = "webp"
    version = 1
    wakes_on = (Anchor(rb"RIFF[\x00-\xff]{4}WEBPVP8[ LX]"),)

    def score(self, view: View, /) -> int:
        """An even size that holds the first chunk."""
        head = view.read(4, 16)
        return int(
            len(head) == 16 and int.from_bytes(head[:4], "little") >= 12 + int.from_bytes(head[12:], "little") % 2
        )

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found, at = hit.view, Found("webp"), 12
        size = int.from_bytes(view.exact(4, 4), "little")
        end = 8 + size + (size & 1)
        width = height = frames = count = 0
        lossless, extended, blocks, sound = False, False, [], False
        for _ in range(MOST):
            head = view.read(at, 24)
            if at >= 8 + size or len(head) < 8:
                break
            view.step()
            kind, length = head[:4], int.from_bytes(head[4:8], "little")
            following = at + 8 + length + (length & 1)
            if following > end or not view.holds(at + 7 + length):
                break
            count += 1
            extended = extended or kind == b"VP8X"
            frames += kind == b"ANMF"
            lossless = lossless or kind == b"VP8L"
            sound = sound or kind in PICTURES
            if not width:
                width, height = _sides(kind, head[8:])
            if kind in METADATA:
                found.room(at + 8, length, "metadata")
                if kind == b"EXIF":
                    blocks.append((at + 8, length))
                elif kind == b"ICCP":
                    found.child(as_it_is(at + 8, length, "webp-profile"))
            elif kind not in KNOWN:
                found.room(at + 8, length, "private")
            at = following
        if not sound or not width:
            raise Malformed(hit.offset + at, "chunks of a picture")
        yield hit.finding(0, min(at, end), WebPImage(width, height, lossless, extended, frames, count))
        if at in (8 + size, end) and view.holds(at - 1):
            yield Extent(0, at, "webp", f"{count} chunks fill the size in the header")
        for block in blocks:
            yield from exif(hit, *block)
        yield from found.said(hit)


def _sides(kind: bytes, data: bytes) -> tuple[int, int]:
    """Width and height at the beginning of a chunk; 0 and 0 where its signature fails."""
    if kind == b"VP8X" and len(data) >= 10:
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L" and data[:1] == b"\x2f":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    return 0, 0

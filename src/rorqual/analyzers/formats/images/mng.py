"""MNG animations and JNG images: relatives of PNG with chunks of their own, from MHDR to MEND and JHDR to IEND.

http://www.libpng.org/pub/mng/spec/. What the chunks hold is not decoded.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.png_chunks import chunks
from rorqual.analyzers.formats.images.walking import Found
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

KNOWN = frozenset(
    b"MHDR MEND LOOP ENDL DEFI BASI CLON PAST DISC BACK FRAM MOVE CLIP SHOW TERM SAVE SEEK eXPI fPRI nEED pHYg JHDR "
    b"JDAT JDAA JSEP IHDR PLTE IDAT IEND DHDR PROM IPNG PPLT IJNG DROP DBYK ORDR MAGN tRNS bKGD gAMA cHRM sRGB pHYs "
    b"sBIT".split()
)
HEADERS = {b"\x8a": (b"MHDR", b"MEND", 28), b"\x8b": (b"JHDR", b"IEND", 16)}


@frozen
class MNGImage:
    """An animation or a JPEG in chunks; the finding spans the chunks that are there."""

    tag: ClassVar[str] = "mng_image"
    jng: bool
    width: int
    height: int
    chunks: int
    ended: bool


class MNG:
    """Finds MNG and JNG anywhere."""

    name = "mng"
    version = 1
    wakes_on = (Anchor(rb"\x8aMNG\r\n\x1a\n"), Anchor(rb"\x8bJNG\r\n\x1a\n"))

    def score(self, view: View, /) -> int:
        """The first chunk's name."""
        return int(view.read(12, 4) in (b"MHDR", b"JHDR"))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        first, last, size = HEADERS[hit.view.exact(0, 1)]
        format = "mng" if last == b"MEND" else "jng"
        found, header, count, sound, end, ended = Found(format, lead=12), b"", 0, 0, 8, False
        for chunk in chunks(hit.view, 8):
            if count == 0 and chunk.type == first and chunk.size >= size:
                header = hit.view.read(chunk.at, 8)
            count, end = count + 1, chunk.end
            if chunk.computed == chunk.stored:
                sound += 1
            elif chunk.computed is not None:
                proof = f"{chunk.type.decode()}: stored {chunk.stored:08x}, computed {chunk.computed:08x}"
                found.anomaly(chunk.at - 8, chunk.size + 12, "png_crc_wrong", proof)
            if chunk.type in (b"tEXt", b"zTXt", b"iTXt"):
                found.room(chunk.at, chunk.size, "comment")
            elif chunk.type not in KNOWN:
                found.room(chunk.at, chunk.size, "metadata" if chunk.type == b"iCCP" else "private")
            ended = chunk.type == last
            if ended:
                break
        if not header or not sound:
            raise Malformed(hit.offset + 8, f"an {first.decode()} chunk whose CRC holds")
        width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
        yield hit.finding(0, end, MNGImage(format == "jng", width, height, count, ended))
        if ended:
            proof = f"{count} chunks from {first.decode()} to {last.decode()}, {sound} CRCs hold"
            yield Extent(0, end, format, proof)
            yield from found.said(hit)

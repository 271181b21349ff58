"""WOFF2 fonts: a header with the file's length, a packed directory, one Brotli stream of all tables.

https://www.w3.org/TR/WOFF2/. The stream is not decoded: that directory, stream, metadata and private data fill the
length is the proof.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Ahead, Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 48
MOST = 512  # tables
CEILING = 1 << 28
TAGS = (
    b"cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern "
    b"LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar "
    b"bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat "
    b"Gloc Feat Sill"
).replace(b"_", b" ")  # section 4.1
ARBITRARY = 63
COLLECTION = b"ttcf"


@frozen
class WOFF2Font:
    """A font; the finding spans it as far as it is there."""

    tag: ClassVar[str] = "woff2_font"
    flavour: str
    version: str
    tables: tuple[str, ...]
    decoded: int  # bytes of the font it stands for
    compressed: int  # bytes of the stream
    metadata: int  # bytes
    private: int  # bytes


class WOFF2:
    """Finds WOFF2 fonts anywhere."""

    name = "woff2"
    version = 1
    wakes_on = (Anchor(rb"wOF2[\x00-\xff]{4}[\x00-\x0f][\x00-\xff]{3}[\x00\x01][\x00-\xff]\x00\x00"),)

    def score(self, view: View, /) -> int:
        """Sizes that can be: the stream is shorter than the file."""
        head = view.read(8, 16)
        length, stream = int.from_bytes(head[:4], "big"), int.from_bytes(head[12:], "big")
        return int(len(head) == 16 and 0 < stream < length < CEILING)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("woff2")
        head = view.exact(0, HEADER)
        length, count = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:14], "big")
        stream = int.from_bytes(head[20:24], "big")
        metadata, packed, _, private, extra = (int.from_bytes(head[at : at + 4], "big") for at in range(28, 48, 4))
        if not 0 < count <= MOST or not stream < length < CEILING:
            raise Malformed(hit.offset + 8, f"a length, and 1 to {MOST} tables")
        names, at = _directory(view, count)
        if head[4:8] == COLLECTION:
            at = _collection(view, at)
        end = at + stream
        for place, size, use in ((metadata, packed, "metadata"), (private, extra, "private")):
            if not size:
                continue
            if place < end or place - end > 3 or place + size > length:
                raise Malformed(hit.offset + 28, f"{use} behind the stream")
            found.room(place, size, use)
            end = place + size
        if end > length:
            raise Malformed(hit.offset + 8, f"a length of at least {end}")
        present = view.within(0, length)
        version = f"{int.from_bytes(head[24:26], 'big')}.{int.from_bytes(head[26:28], 'big')}"
        flavour = {b"OTTO": "otf", COLLECTION: "ttc"}.get(head[4:8], "ttf")
        decoded = int.from_bytes(head[16:20], "big")
        yield hit.finding(0, present, WOFF2Font(flavour, version, names, decoded, stream, packed, extra))
        if present < length:
            return
        if length - end > 3:
            found.room(end, length - end, "slack")
            found.anomaly(end, length - end, "font_data_behind", f"{length - end} bytes behind the last block")
        yield Extent(0, length, "woff2", f"a directory of {count} tables and the stream fill the length in the header")
        yield from found.said(hit)


def _directory(view: View, count: int) -> tuple[tuple[str, ...], int]:
    """The tags of the packed directory, and where it ends (section 4.1)."""
    known, names, at, ahead = _tags(), [], HEADER, Ahead(view)
    for _ in range(count):
        view.step()
        flags = ahead.byte(at)
        at += 1
        tag = known[flags & 63] if flags & 63 != ARBITRARY else ahead.exact(at, 4)
        at += 4 if flags & 63 == ARBITRARY else 0
        if not all(0x20 <= one < 0x7F for one in tag):
            raise Malformed(view.offset + at, "a tag")
        names.append(latin(tag))
        size, at = _base128(view, ahead, at)
        transformed = flags >> 6 != 3 if tag in (b"glyf", b"loca") else flags >> 6 != 0
        if transformed:
            size, at = _base128(view, ahead, at)
            if tag == b"loca" and size:
                raise Malformed(view.offset + at, "a transformed loca of no length")
    return tuple(names), at


def _tags() -> tuple[bytes, ...]:
    return tuple(TAGS[at : at + 4] for at in range(0, len(TAGS), 5))


def _base128(view: View, ahead: Ahead, at: int) -> tuple[int, int]:
    """A number of at most five bytes, seven bits each, and where it ends."""
    value = 0
    for place in range(5):
        byte = ahead.byte(at + place)
        if (place == 0 and byte == 0x80) or value >> 25:
            break
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, at + place + 1
    raise Malformed(view.offset + at, "a number of at most five bytes")


def _collection(view: View, at: int) -> int:
    """Where the directory of a collection ends (section 4.2)."""
    ahead = Ahead(view)
    count, at = _short(view, ahead, at + 4)
    for _ in range(min(count, MOST)):
        tables, at = _short(view, ahead, at)
        at += 4
        for _ in range(min(tables, MOST)):
            view.step()
            _, at = _short(view, ahead, at)
    return at


def _short(view: View, ahead: Ahead, at: int) -> tuple[int, int]:
    """A number of one to three bytes (section 6.1.1), and where it ends."""
    code = ahead.byte(at)
    if code == 253:
        return int.from_bytes(ahead.exact(at + 1, 2), "big"), at + 3
    if code in (254, 255):
        return ahead.byte(at + 1) + 253 * (2 if code == 254 else 1), at + 2
    return code, at + 1

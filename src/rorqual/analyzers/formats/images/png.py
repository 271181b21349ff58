"""PNG and APNG images: a signature of eight bytes and chunks from IHDR to IEND.

https://www.w3.org/TR/png-3/. A CgBI chunk before IHDR marks Apple's variant. The pixels are not decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.png_chunks import Chunk, chunks
from rorqual.analyzers.formats.images.png_data import data_behind
from rorqual.analyzers.formats.images.walking import Found, inflated, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # section 11.2.1, by colour
COLOURS = {0: "grey", 2: "rgb", 3: "palette", 4: "grey and alpha", 6: "rgb and alpha"}
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
METADATA = (b"eXIf", b"iCCP", b"zxIf")
KNOWN = frozenset(
    b"IHDR PLTE IDAT IEND acTL bKGD cHRM cICP cLLI CgBI fcTL fdAT gAMA gIFg gIFx hIST iDOT mDCV oFFs pCAL pHYs sBIT "
    b"sCAL sPLT sRGB sTER tIME tRNS vpAg caNv orNT".split()
)  # those whose content readers look at, or that are of fixed form
SINGLE = (b"IHDR", b"PLTE", b"acTL", b"iCCP", b"eXIf", b"tIME", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"tRNS")
MOST_TEXTS = 16
MOST_DATA = 4096  # IDATs whose places are kept
READ_TEXT = 1024  # bytes of a text chunk
IHDR = 13


@frozen
class PNGImage:
    """An image; the finding spans it up to the end of IEND, or of the last chunk that is there."""

    tag: ClassVar[str] = "png_image"
    width: int
    height: int
    depth: int  # bits a sample
    colour: str
    interlaced: bool
    frames: int | None  # of an animation
    modified: str | None
    texts: tuple[tuple[str, str], ...]  # (keyword, beginning of the text), empty where it is compressed
    chunks: int
    ended: bool


@dataclass(slots=True)
class _Walk:
    found: Found = field(default_factory=lambda: Found("png", lead=12))
    header: bytes = b""
    frames: int | None = None
    modified: str | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    sound: int = 0  # CRCs that hold
    broken: int = 0
    data: list[tuple[int, int]] = field(default_factory=list)  # (at, size) of the first IDATs
    exif: list[tuple[int, int]] = field(default_factory=list)
    ended: bool = False
    end: int = len(SIGNATURE)
    seen: set[bytes] = field(default_factory=set)
    last: bytes = b""


class PNG:
    """Finds PNG images anywhere."""

    name = "png"
    version = 1
    wakes_on = (Anchor(rb"\x89PNG\r\n\x1a\n"),)

    def score(self, view: View, /) -> int:
        """A first chunk of letters and of a size there may be."""
        head = view.read(8, 8)
        return int(len(head) == 8 and head[4:].isalpha() and head[0] < 0x80)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        walk = _Walk()
        for chunk in chunks(hit.view, len(SIGNATURE)):
            _take(walk, chunk, hit.view)
            if walk.ended:
                break
        if not _header_holds(walk.header) or not (walk.sound or walk.ended):
            raise Malformed(hit.offset + len(SIGNATURE), "an IHDR chunk")
        fields = walk.header
        body = PNGImage(
            int.from_bytes(fields[:4], "big"),
            int.from_bytes(fields[4:8], "big"),
            fields[8],
            COLOURS[fields[9]],
            bool(fields[12]),
            walk.frames,
            walk.modified,
            tuple(walk.texts),
            walk.count,
            walk.ended,
        )
        yield hit.finding(0, walk.end, body)
        if walk.ended and walk.data and walk.sound:
            format = "png" if walk.frames is None else "apng"
            yield Extent(0, walk.end, format, f"{walk.count} chunks from IHDR to IEND, {walk.sound} CRCs hold")
            behind = data_behind(hit.view, walk.data, bare=b"CgBI" in walk.seen)
            if behind is not None:
                walk.found.anomaly(*behind, "png_data_behind_stream", f"{behind[1]} bytes that the image does not use")
                walk.found.room(*behind, "slack")
        for block in walk.exif:
            yield from exif(hit, *block)
        yield from walk.found.said(hit)


def _take(walk: _Walk, chunk: Chunk, view: View) -> None:
    """Notes what a chunk tells."""
    kind, found = chunk.type, walk.found
    walk.count += 1
    walk.end = chunk.end
    if chunk.computed is not None:
        walk.sound += chunk.computed == chunk.stored
        if chunk.computed != chunk.stored:
            walk.broken += 1
            proof = f"{kind.decode()}: stored {chunk.stored:08x}, computed {chunk.computed:08x}"
            found.anomaly(chunk.at - 8, chunk.size + 12, "png_crc_wrong", proof)
    if walk.count == 1 and kind not in (b"IHDR", b"CgBI"):
        found.anomaly(chunk.at - 8, chunk.size + 12, "png_first_chunk", f"{kind.decode()} stands before IHDR")
    if kind in SINGLE and kind in walk.seen:
        found.anomaly(chunk.at - 8, chunk.size + 12, "png_duplicate_chunk", f"{kind.decode()} stands twice")
    if kind == b"IDAT" and walk.data and walk.last != b"IDAT":
        found.anomaly(chunk.at - 8, chunk.size + 12, "png_data_apart", f"{walk.last.decode()} stands between IDATs")
    if kind == b"PLTE" and walk.data:
        found.anomaly(chunk.at - 8, chunk.size + 12, "png_palette_late", "PLTE stands behind IDAT")
    if kind == b"IEND" and chunk.size:
        found.anomaly(chunk.at, chunk.size, "png_end_not_empty", f"IEND holds {chunk.size} bytes")
        found.room(chunk.at, chunk.size, "slack")
    walk.last = kind
    if kind in KNOWN:
        walk.seen.add(kind)
    if kind == b"IHDR" and not walk.header:
        walk.header = view.read(chunk.at, IHDR) if chunk.size >= IHDR else b""
        found.room(chunk.at + IHDR, max(0, chunk.size - IHDR), "slack")
    elif kind == b"acTL" and chunk.size == 8:
        walk.frames = int.from_bytes(view.read(chunk.at, 4), "big")
    elif kind == b"tIME" and chunk.size == 7:
        time = view.read(chunk.at, 7)
        parts = (int.from_bytes(time[:2], "big"), *time[2:])
        walk.modified = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parts)
    elif kind in TEXTS or kind == b"iCCP":
        _text(walk, chunk, view)
    elif kind in METADATA:
        found.room(chunk.at, chunk.size, "metadata")
        if kind == b"eXIf":
            walk.exif = [(chunk.at, chunk.size)]
    elif kind not in KNOWN:
        found.room(chunk.at, chunk.size, "private")
    if kind == b"IDAT" and len(walk.data) < MOST_DATA:
        walk.data.append((chunk.at, chunk.size))
    walk.ended = kind == b"IEND"


def _text(walk: _Walk, chunk: Chunk, view: View) -> None:
    """A keyword, and a text or a profile that may be compressed (sections 11.3.2.3 and 11.3.3)."""
    walk.found.room(chunk.at, chunk.size, "metadata" if chunk.type == b"iCCP" else "comment")
    data = view.read(chunk.at, min(chunk.size, READ_TEXT))
    keyword, zero, rest = data.partition(b"\0")
    name = latin(keyword[:79])
    if not zero:
        return
    packed = chunk.type != b"tEXt"
    if chunk.type == b"iTXt":
        packed, skipped = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
        rest = skipped[2] if len(skipped) == 3 else b""
        start = len(data) - len(rest)
    else:
        start = len(keyword) + (2 if packed else 1)
    if chunk.type != b"iCCP" and len(walk.texts) < MOST_TEXTS:
        walk.texts.append((name, "" if packed else latin(rest)))
    if packed and start < chunk.size:
        codec = "png-profile" if chunk.type == b"iCCP" else "png-text"
        walk.found.child(inflated(chunk.at + start, chunk.size - start, codec, name))


def _header_holds(header: bytes) -> bool:
    """Whether the fields of IHDR are among those there are."""
    if len(header) != IHDR:
        return False
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    depth, colour, method, filtering, interlace = header[8:]
    return (
        0 < width < 1 << 31
        and 0 < height < 1 << 31
        and depth in DEPTHS.get(colour, ())
        and method == 0
        and filtering in (0, 64)  # 64: MNG's
        and interlace < 2
    )

"""Ogg (RFC 3533): pages of packets of one or several logical streams, each page with a CRC-32.

Vorbis I, Opus (RFC 7845), Theora, Speex, FLAC in Ogg and Skeleton are told apart by their first packet. Links of a
chain, one file behind the other, are one claim. The packets of the codecs are not handled.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.vorbis_comment import comment
from rorqual.sdk import Anchor, Anomaly, Extent, Finding, Hit, Malformed, Said, View, frozen

HEADER = 27
CONTINUED, BEGINS, ENDS = 1, 2, 4
LARGEST_PAGE = HEADER + 255 + 255 * 255
CHECKED = 1 << 20  # bytes of pages whose CRC-32 are checked
MOST_PAGES = 400_000
MOST_STREAMS = 256
TOLD_STREAMS = 16
LOST = 64 << 10  # bytes in which readers look for the next page
MOST_LOST = 64
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
CODECS = (  # how the first packet begins, the format, the family's name
    (b"\x01vorbis", "vorbis", "Vorbis"),
    (b"OpusHead", "opus", "Opus"),
    (b"\x80theora", "theora", "Theora"),
    (b"Speex   ", "speex", "Speex"),
    (b"\x7fFLAC", "oggflac", "FLAC"),
    (b"fishead\0", "", "Skeleton"),
    (b"BBCD\0", "", "Dirac"),
    (b"\x80kate\0\0\0", "", "Kate"),
    (b"CELT    ", "", "CELT"),
    (b"PCM     ", "", "PCM"),
    (b"\x8bJNG", "", "JNG"),
    (b"\x8aMNG", "", "MNG"),
    (b"\x01video\0\0\0", "", "OGM video"),
    (b"\x01audio\0\0\0", "", "OGM audio"),
    (b"\x01text\0\0\0\0", "", "OGM text"),
    (b"OVP80", "", "VP8"),
)
PREFERRED = ("theora", "vorbis", "opus", "speex", "oggflac")
COMMENTS = ((b"\x03vorbis", 7), (b"OpusTags", 8), (b"\x81theora", 7))


@frozen
class OggStream:
    """A logical stream; the finding has its first page."""

    tag: ClassVar[str] = "ogg_stream"
    serial: int
    codec: str
    channels: int | None
    rate: int | None  # samples a second
    width: int | None  # pixels
    height: int | None


@frozen
class OggFile:
    """All pages; the finding has their size."""

    tag: ClassVar[str] = "ogg_file"
    pages: int
    streams: int
    links: int  # of the chain
    ended: bool  # whether every stream has a last page
    vendor: str
    title: str
    artist: str


@dataclass
class _Walk:
    """What is known so far. Streams by serial number: what begins them."""

    view: View
    pages: int = 0
    links: int = 0
    checked: int = 0
    held: int = 0
    wrong: int | None = None
    open: int = 0  # streams that have begun and not ended


class Ogg:
    """Finds the first page of a file anywhere."""

    name = "ogg"
    version = 1
    wakes_on = (Anchor(rb"OggS\x00[\x02\x06]\x00{8}"),)

    def score(self, view: View, /) -> int:
        """A first page has segments."""
        count = view.read(26, 1)
        return int(bool(count) and count[0] > 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        if _follows(view):
            return  # a page that follows another directly is in the midst of a file
        walk = _Walk(view)
        streams: dict[int, str] = {}
        ended: set[int] = set()
        vendor, formats = "", set()
        texts: dict[str, str] = {}
        lost: list[tuple[int, int]] = []
        rooms: list[tuple[int, int, str]] = []
        at, begun = 0, True
        while walk.pages < MOST_PAGES:
            view.step()
            page = _page(walk, at)
            if page is None:
                skipped = _resume(view, at, streams) if walk.pages and len(lost) < MOST_LOST else None
                if skipped is None:
                    break
                lost.append((at, skipped))
                at = skipped
                continue
            flags, serial, start, packet, end = page
            if not walk.held:
                raise Malformed(view.offset + at, "a first page whose CRC-32 holds")
            walk.pages += 1
            if flags & BEGINS and serial not in streams and len(streams) < MOST_STREAMS:
                walk.links += begun
                begun = False
                codec, format = _codec(view.read(start, 16))
                streams[serial] = codec
                formats.add(format)
                if len(streams) <= TOLD_STREAMS:
                    yield hit.finding(at, end - at, _stream(view, serial, codec, start))
            elif serial not in streams:
                if not streams:
                    raise Malformed(view.offset + at, "a first page")
                walk.wrong = at if walk.wrong is None else walk.wrong
            else:
                begun = not flags & BEGINS
            if streams.get(serial) == "unknown":
                rooms.append((start, end - start, "private"))
            for mark, skip in COMMENTS if walk.pages <= 64 else ():
                if view.read(start, len(mark)) == mark:
                    vendor, texts = comment(view, start + skip, end)
                    rooms.append((start + skip, packet - skip, "metadata"))
            if flags & ENDS:
                ended.add(serial)
            at = end
        if not streams:
            raise Malformed(view.offset, "a page")
        ends = ended >= {serial for serial, codec in streams.items() if codec != "unknown"}
        body = OggFile(
            walk.pages, len(streams), walk.links, ends, vendor, texts.get("TITLE", ""), texts.get("ARTIST", "")
        )
        yield hit.finding(0, at, body)
        format = next((one for one in PREFERRED if one in formats), "ogg")
        if ends or walk.pages > 1:
            proof = f"{walk.pages} pages, of {walk.held} the CRC-32 holds" + ("" if ends else "; no last page")
            yield Extent(0, at, format, proof)
        yield from _wrong(hit, walk, lost, format)
        for start, size, use in rooms[:MOST_STREAMS]:
            yield from room(hit, start, size, format, use)


def _wrong(hit: Hit, walk: _Walk, lost: list[tuple[int, int]], format: str) -> Iterator[Finding]:
    if walk.wrong is not None:
        yield hit.finding(
            walk.wrong, HEADER, Anomaly("page_wrong", f"page at {walk.wrong:#x}: CRC-32 or serial number")
        )
    for start, end in lost:
        yield hit.finding(start, end - start, Anomaly("bytes_between_pages", f"{end - start} bytes"))
        yield from room(hit, start, end - start, format, "unused")


def _page(walk: _Walk, at: int) -> tuple[int, int, int, int, int] | None:
    """(flags, serial number, start of the data, bytes of its first packet, end) of the page at `at`, if it is there."""
    view = walk.view
    head = view.read(at, HEADER + 255)
    if len(head) < HEADER or head[:5] != b"OggS\0" or head[5] > 7:
        return None
    table = head[HEADER : HEADER + head[26]]
    start = at + HEADER + head[26]
    end = start + sum(table)
    if len(table) < head[26] or (end > start and not view.holds(end - 1)):
        return None
    if walk.checked < CHECKED:
        walk.checked += end - at
        data = view.read(at, end - at)
        if int.from_bytes(data[22:26], "little") == crc32(data[:22] + bytes(4) + data[26:]):
            walk.held += 1
        elif walk.wrong is None:
            walk.wrong = at
    whole = next((place + 1 for place, size in enumerate(table) if size < 255), len(table))
    return head[5], int.from_bytes(head[14:18], "little"), start, sum(table[:whole]), end


def crc32(data: bytes) -> int:
    """Ogg's CRC-32: the usual polynomial, but most significant bit first, from 0."""
    value = zlib.crc32(data.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{value:032b}"[::-1], 2)


def _resume(view: View, at: int, streams: dict[int, str]) -> int | None:
    """Where the next page of a known stream begins."""
    data = view.read(at, LOST)
    place = data.find(b"OggS\0", 1)
    while place >= 0:
        if int.from_bytes(data[place + 14 : place + 18], "little") in streams:
            return at + place
        place = data.find(b"OggS\0", place + 1)
    return None


def _follows(view: View) -> bool:
    """Whether another page ends where the view begins."""
    back = min(LARGEST_PAGE, view.offset)
    data = view.sub(-back).read(0, back)
    place = data.rfind(b"OggS\0")
    if place < 0 or len(data) < place + HEADER:
        return False
    count = data[place + 26]
    return place + HEADER + count + sum(data[place + HEADER : place + HEADER + count]) == back


def _codec(data: bytes) -> tuple[str, str]:
    """(name, format) of a stream by its first packet; format "ogg" where it has none of its own."""
    return next(((name, format or "ogg") for mark, format, name in CODECS if data.startswith(mark)), ("unknown", "ogg"))


def _stream(view: View, serial: int, codec: str, at: int) -> OggStream:
    data = view.read(at, 64)
    channels = rate = width = height = None
    if codec == "Vorbis":
        channels, rate = data[11:12], data[12:16]
    elif codec == "Opus":
        channels, rate = data[9:10], data[12:16]
    elif codec == "Speex":
        channels, rate = data[48:52], data[36:40]
    elif codec == "Theora":
        width, height = (int.from_bytes(data[place : place + 3], "big") for place in (14, 17))
    return OggStream(serial, codec, _little(channels), _little(rate), width, height)


def _little(data: bytes | None) -> int | None:
    return None if data is None else int.from_bytes(data, "little")

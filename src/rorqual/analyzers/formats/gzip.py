"""gzip members (RFC 1952): 1f 8b 08, flags, time, extra fields; a DEFLATE stream; CRC-32 and length, little-endian.

Each member is proven by decoding its beginning, or all of it where it is small. Members in a row are one stream
(section 2.2) and one child. Not handled here: methods other than 8, of which there are none, and trailing padding.
"""

import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

MAGIC = b"\x1f\x8b\x08"
FIXED = 10  # bytes of header before the optional fields
FHCRC, FEXTRA, FNAME, FCOMMENT = 2, 4, 8, 16
LONGEST_TEXT = 1024  # of a name or comment; tools cut at 255 or so
TRAILER = 8
LEAST_ROOM = 8  # bytes of a field in which something may stand
READ = 64 << 10  # encoded bytes read at once, after smaller first reads: many members are small
FIRST_READ = 2 << 10
PIECE = 256 << 10  # decoded bytes handed on at once
TRIED = 1 << 20  # encoded bytes decoded as proof, a quarter of an examination's fuel
TRIED_OUTPUT = 16 << 20  # decoded bytes made as proof
STEP = 16  # decoded bytes that cost as much as one read
CREATORS = {
    0: "FAT",
    3: "Unix",
    7: "Macintosh",
    10: "TOPS-20",
    11: "NTFS",
    255: "unknown",
}  # section 2.3.1, those still met


@frozen
class GzipMember:
    """One member; the finding has its size where the proof reached the end."""

    tag: ClassVar[str] = "gzip_member"
    name: str | None
    comment: str | None
    modified: int | None  # seconds since 1970 UTC; None where the writer did not say
    system: str
    extra: bytes  # of the FEXTRA field
    decoded_size: int | None  # bytes, where the proof reached the end
    proof: str


class Gzip:
    """Finds gzip members anywhere."""

    name = "gzip"
    version = 2
    wakes_on = (Anchor(rb"\x1f\x8b\x08[\x00-\x1f][\x00-\xff]{4}[\x00\x02\x04][\x00-\x0d\xff]"),)

    def score(self, view: View, /) -> int:
        """The first DEFLATE block must be of a type there is; with optional fields in between it is not looked at."""
        head = view.read(0, FIXED + 1)
        if len(head) <= FIXED:
            return 0
        if head[3] & ~1:
            return 1
        return 0 if head[FIXED] >> 1 & 3 == 3 else 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        start, fields, rooms = _header(view)
        tried = _Inflated(view.sub(start))
        decoded = 0
        for piece in tried.pieces(TRIED):
            decoded += len(piece)
            view.step(len(piece) // STEP)
            if decoded > TRIED_OUTPUT:
                break
        if not tried.ended:
            if decoded == 0:
                raise Malformed(view.offset + start, "a DEFLATE stream that yields something")
            yield hit.finding(0, start, GzipMember(*fields, None, f"the first {decoded} bytes decode"))
            yield from (hit.finding(at, end - at, Room("gzip", use)) for at, end, use in rooms)
            yield Region(0, None, "gzip-member", Codec("gzip", decode))
            return
        tried.check_trailer()
        size = start + tried.used + TRAILER
        yield hit.finding(0, size, GzipMember(*fields, decoded, "CRC-32 and length hold"))
        yield Extent(0, size, "gzip", "CRC-32 and length hold", "start")
        yield from (hit.finding(at, end - at, Room("gzip", use)) for at, end, use in rooms)
        yield Region(0, size, "gzip-member", Codec("gzip", decode))


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the member and of those that follow it without a gap.

    Raises:
        Malformed: a stream breaks off, or its CRC-32 or length does not hold.
    """
    at = 0
    while True:
        start, *_ = _header(view.sub(at))
        inflated = _Inflated(view.sub(at + start))
        yield from inflated.pieces(None)
        if not inflated.ended:
            raise Malformed(view.offset + at + start + inflated.used, "the end of the DEFLATE stream")
        inflated.check_trailer()
        at += start + inflated.used + TRAILER
        if view.read(at, len(MAGIC)) != MAGIC:
            return
        view.part(at)


class _Inflated:
    """A DEFLATE stream being decoded; `used` and `ended` tell how far it went."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._crc = 0
        self._size = 0
        self.used = 0  # encoded bytes
        self.ended = False

    def pieces(self, most: int | None) -> Iterator[bytes]:
        """Decoded pieces, from at most `most` encoded bytes (None: all)."""
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        at, size = 0, FIRST_READ
        while not stream.eof and (most is None or at < most):
            data = self._view.read(at, size)
            size = min(READ, 2 * size)
            if not data:
                break
            at += len(data)
            piece = None
            while not stream.eof and (data or piece is None or len(piece) == PIECE):
                try:
                    piece = stream.decompress(data, PIECE)
                except zlib.error as error:
                    raise Malformed(self._view.offset + at, f"DEFLATE data ({error})") from error
                data = stream.unconsumed_tail
                if piece:
                    self._crc = zlib.crc32(piece, self._crc)
                    self._size += len(piece)
                    yield piece
        self.ended = stream.eof
        self.used = at - len(stream.unused_data) if stream.eof else at

    def check_trailer(self) -> None:
        trailer = self._view.exact(self.used, TRAILER)
        said = int.from_bytes(trailer[:4], "little"), int.from_bytes(trailer[4:], "little")
        if said != (self._crc, self._size & 0xFFFFFFFF):
            raise Malformed(self._view.offset + self.used, "the CRC-32 and length of what was decoded")


Fields = tuple[str | None, str | None, int | None, str, bytes]
Rooms = list[tuple[int, int, str]]  # start, end and use of what decoders pass over


def _header(view: View) -> tuple[int, Fields, Rooms]:
    """Where the DEFLATE stream begins, and the fields before it (section 2.3)."""
    head = view.exact(0, FIXED)
    flags, modified, system = head[3], int.from_bytes(head[4:8], "little"), head[9]
    at, extra, name, comment = FIXED, b"", None, None
    rooms: Rooms = []
    if flags & FEXTRA:
        size = int.from_bytes(view.exact(at, 2), "little")
        extra = view.exact(at + 2, size)
        rooms.append((at + 2, at + 2 + size, "extra"))
        at += 2 + size
    if flags & FNAME:
        name, at = _text(view, at)
    if flags & FCOMMENT:
        begins = at
        comment, at = _text(view, at)
        rooms.append((begins, at, "comment"))
    if flags & FHCRC:
        said = int.from_bytes(view.exact(at, 2), "little")
        if said != zlib.crc32(view.exact(0, at)) & 0xFFFF:
            raise Malformed(view.offset + at, "the CRC-16 of the header")
        at += 2
    told = [room for room in rooms if room[1] - room[0] >= LEAST_ROOM]
    return at, (name, comment, modified or None, CREATORS.get(system, f"system {system}"), extra), told


def _text(view: View, at: int) -> tuple[str, int]:
    """A Latin-1 string that a zero ends, and where what follows it begins."""
    data = view.read(at, LONGEST_TEXT)
    end = data.find(0)
    if end < 0:
        raise Malformed(view.offset + at, f"a zero within {LONGEST_TEXT} bytes")
    return data[:end].decode("latin-1"), at + end + 1

"""lzip members: "LZIP", a version, the dictionary's size, LZMA data, and a trailer with CRC-32, content size and size.

https://www.nongnu.org/lzip/manual/lzip_manual.html#File-format. A member's trailer is found by decoding, or at the end
of the source, where most have it. Members in a row are one child. Not handled: version 0.
"""

import lzma
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.streams.unpacking import Unpacked
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

MAGIC = b"LZIP\x01"
HEADER, TRAILER = 6, 20
DICTIONARY_MOST = 64 << 20
TRIED = 1 << 20  # encoded bytes decoded as proof
WHOLE = 1 << 48  # bytes: more than any source has


@frozen
class LzipMember:
    """A member; the finding has its size where the trailer was found."""

    tag: ClassVar[str] = "lzip_member"
    dictionary: int  # bytes
    decoded_size: int | None  # bytes
    proof: str


class Lzip:
    """Finds lzip members anywhere."""

    name = "lzip"
    version = 1
    wakes_on = (Anchor(rb"LZIP\x01[\x0c-\x1d\x2c-\xff]"),)

    def score(self, view: View, /) -> int:
        """The dictionary's size is one there is, and LZMA data begins with a zero."""
        head = view.read(5, 2)
        return int(len(head) == 2 and 12 <= head[0] & 31 <= 29 and head[1] == 0)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        dictionary = dictionary_of(view.exact(5, 1)[0])
        if dictionary > DICTIONARY_MOST:
            yield Refused(0, HEADER, "dictionary", DICTIONARY_MOST)
            return
        size = view.within(0, WHOLE)
        trailer = view.exact(max(0, size - TRAILER), TRAILER)
        if int.from_bytes(trailer[12:], "little") == size:
            proof, decoded = "the trailer at the end has the member's size", int.from_bytes(trailer[4:12], "little")
        else:
            tried = Unpacked(view.sub(HEADER), _decompressor(dictionary))
            decoded = crc = 0
            for piece in tried.pieces(TRIED):
                decoded, crc = decoded + len(piece), zlib.crc32(piece, crc)
            if not tried.ended:
                if not decoded:
                    raise Malformed(view.offset + HEADER, "LZMA data")
                yield hit.finding(0, HEADER, LzipMember(dictionary, None, f"the first {decoded} bytes decode"))
                yield Region(0, None, "lzip-member", Codec("lzip", decode))
                return
            size = HEADER + tried.used + TRAILER
            _check(view, size, decoded, crc)
            proof = "CRC-32 and sizes hold"
        yield hit.finding(0, size, LzipMember(dictionary, decoded, proof))
        yield Extent(0, size, "lzip", proof, "start")
        if decoded:
            yield Region(0, size, "lzip-member", Codec("lzip", decode))


def dictionary_of(code: int) -> int:
    """A power of two less up to seven sixteenths of it."""
    whole = 1 << (code & 31)
    return whole - (whole >> 4) * (code >> 5)


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the member and of those that follow it without a gap.

    Raises:
        Malformed: a member breaks off, or its trailer does not hold.
    """
    at = 0
    while True:
        dictionary = dictionary_of(view.exact(at + 5, 1)[0])
        if dictionary > DICTIONARY_MOST:
            raise Malformed(view.offset + at + 5, "a dictionary of at most 64 MiB")
        unpacked = Unpacked(view.sub(at + HEADER), _decompressor(dictionary))
        decoded = crc = 0
        for piece in unpacked.pieces():
            decoded, crc = decoded + len(piece), zlib.crc32(piece, crc)
            yield piece
        if not unpacked.ended:
            raise Malformed(view.offset + at + unpacked.used, "the end of the LZMA stream")
        size = HEADER + unpacked.used + TRAILER
        _check(view.sub(at), size, decoded, crc)
        at += size
        if view.read(at, len(MAGIC)) != MAGIC:
            return
        view.part(at)


def _decompressor(dictionary: int) -> lzma.LZMADecompressor:
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": 3, "lp": 0, "pb": 2}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)


def _check(view: View, size: int, decoded: int, crc: int) -> None:
    said = crc.to_bytes(4, "little") + decoded.to_bytes(8, "little") + size.to_bytes(8, "little")
    if view.exact(size - TRAILER, TRAILER) != said:
        raise Malformed(view.offset + size - TRAILER, "the CRC-32 and sizes of what was decoded")

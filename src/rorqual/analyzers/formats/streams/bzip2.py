"""bzip2 streams: "BZh", a digit, blocks that begin at any bit with the digits of pi, a trailer with those of its root.

There is no specification but the program (https://sourceware.org/bzip2/) and what was read out of it. The trailer has a
CRC that follows from those of all blocks: the end is found and proven without decoding. Streams in a row are one
child. Not handled: the randomised blocks of bzip2 0.9, which nobody writes.
"""

import bz2
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.streams.unpacking import Unpacked
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

BLOCK, TRAILER = 0x314159265359, 0x177245385090
HEAD = 4  # bytes before the first block
WINDOW = 1 << 20
SEARCHED = 48 << 20  # bytes in which the trailer is looked for
TRIED = 1 << 20  # encoded bytes decoded as proof where it is not found
_CRC_BITS, _MARK_BITS = 32, 48
_NEEDLES = (  # what of a mark fills whole bytes when it begins at bit `shift`
    *((0, mark, mark.to_bytes(6, "big")) for mark in (BLOCK, TRAILER)),
    *(
        (shift, mark, (mark >> shift & (1 << 40) - 1).to_bytes(5, "big"))
        for mark in (BLOCK, TRAILER)
        for shift in range(1, 8)
    ),
)


@frozen
class Bzip2Stream:
    """One stream; the finding has its size where the trailer was found."""

    tag: ClassVar[str] = "bzip2_stream"
    block_size: int  # bytes of a block before compression, at most
    blocks: int | None
    proof: str


class Bzip2:
    """Finds bzip2 streams anywhere."""

    name = "bzip2"
    version = 1
    wakes_on = (Anchor(rb"BZh[1-9]1AY&SY"), Anchor(rb"BZh[1-9]\x17rE8P\x90\x00{4}"))

    def score(self, view: View, /) -> int:
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        level = int(view.exact(3, 1))
        found = find_end(view)
        if found is not None:
            size, blocks = found
            yield hit.finding(0, size, Bzip2Stream(level * 100_000, blocks, "the CRC of all blocks' CRCs holds"))
            yield Extent(0, size, "bzip2", "the CRC of all blocks' CRCs holds", "start")
            if blocks:
                yield Region(0, size, "bzip2-stream", Codec("bzip2", decode))
            return
        tried = Unpacked(view, bz2.BZ2Decompressor())
        decoded = sum(len(piece) for piece in tried.pieces(TRIED))
        if not decoded:
            raise Malformed(view.offset, "a block that decodes")
        yield hit.finding(0, HEAD, Bzip2Stream(level * 100_000, None, f"the first {decoded} bytes decode"))
        yield Region(0, None, "bzip2-stream", Codec("bzip2", decode))


def decode(view: View) -> Iterator[bytes]:
    """The bytes of the stream and of those that follow it without a gap.

    Raises:
        Malformed: a stream breaks off, or a CRC does not hold.
    """
    at = 0
    while True:
        unpacked = Unpacked(view.sub(at), bz2.BZ2Decompressor())
        yield from unpacked.pieces()
        if not unpacked.ended:
            raise Malformed(view.offset + at + unpacked.used, "the end of the bzip2 stream")
        at += unpacked.used
        head = view.read(at, 4)
        if len(head) < 4 or head[:3] != b"BZh" or not b"1" <= head[3:] <= b"9":
            return
        view.part(at)


def find_end(view: View) -> tuple[int, int] | None:
    """(size, number of blocks) of the stream at the view, if its trailer is there and right."""
    crc, blocks = 0, 0
    for bit, mark in marks(view):
        stored = _bits(view, bit + _MARK_BITS, _CRC_BITS)
        if stored is None:
            return None
        if mark == BLOCK:
            crc = (crc << 1 | crc >> 31) & 0xFFFFFFFF ^ stored
            blocks += 1
        elif stored == crc:
            return -(-(bit + _MARK_BITS + _CRC_BITS) // 8), blocks
        else:
            return None
    return None


def marks(view: View) -> Iterator[tuple[int, int]]:
    """(place in bits, mark) of all marks, in their order."""
    at, reach = HEAD, 16
    while at < SEARCHED:
        data = view.read(at, WINDOW + reach)
        found = []
        for shift, mark, needle in _NEEDLES:
            place = data.find(needle)
            while place >= 0:
                if place - bool(shift) < WINDOW:
                    found.append(((at + place - bool(shift)) * 8 + shift, mark))
                place = data.find(needle, place + 1)
        for bit, mark in sorted(found):
            if bit >= HEAD * 8 and _bits(view, bit, _MARK_BITS) == mark:
                yield bit, mark
        if len(data) <= WINDOW:
            return
        at += WINDOW


def _bits(view: View, bit: int, count: int) -> int | None:
    """So many bits from place `bit` on."""
    first, last = bit // 8, -(-(bit + count) // 8)
    data = view.read(first, last - first)
    if len(data) < last - first:
        return None
    return int.from_bytes(data, "big") >> 8 * last - bit - count & (1 << count) - 1

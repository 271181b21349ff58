"""Unix compress (.Z): 1f 9d, a byte of flags, then LZW codes of 9 to 16 bits, low bits first.

There is no specification but the program and https://en.wikipedia.org/wiki/Compress. A stream has no end of its own: it
goes on to the end of its source, and is proven by codes that all refer to what is there. Not handled: the streams of
compress 2.0 without block mode that end in the middle of a group, which need nothing else.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Region, Said, View, frozen

HEADER = 3
CLEAR = 256
BLOCK_MODE = 0x80
GROUPS = 1024  # of eight codes, read at once
PIECE = 64 << 10
TRIED = 128 << 10  # encoded bytes decoded as proof
LEAST = 24  # codes that prove a stream which does not begin its source
WHOLE = 1 << 48


@frozen
class CompressStream:
    """A stream; the finding has its size."""

    tag: ClassVar[str] = "compress_stream"
    bits: int  # of a code, at most
    block_mode: bool  # the table may be cleared
    decoded_size: int | None  # bytes, where the proof reached the end
    proof: str


class Compress:
    """Finds compressed streams that go on to the end of their source."""

    name = "compress"
    version = 1
    wakes_on = (Anchor(rb"\x1f\x9d[\x89-\x90][\x00-\xff]{2}"),)

    def score(self, view: View, /) -> int:
        """The first codes are not above the table, which grows by one with each."""
        data = view.read(HEADER, 18)
        value = int.from_bytes(data, "little")
        codes = [value >> 9 * at & 0x1FF for at in range(len(data) * 8 // 9)]
        return int(bool(codes) and codes[0] < 256 and all(code <= 256 + at for at, code in enumerate(codes)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        flags = view.exact(2, 1)[0]
        stream = _Lzw(view)
        decoded = sum(len(piece) for piece in stream.pieces(TRIED))
        if not decoded or (hit.offset and stream.codes < LEAST):
            raise Malformed(hit.offset, "codes that decode")
        ended = not view.holds(HEADER + TRIED)
        size = view.within(0, WHOLE)
        proof = f"all {stream.codes} codes" if ended else f"the first {stream.codes} codes"
        proof += " refer to what is there; it goes on to the end of its source"
        facts = CompressStream(flags & 0x1F, bool(flags & BLOCK_MODE), decoded if ended else None, proof)
        yield hit.finding(0, size, facts)
        yield Extent(0, size, "compress", proof, "start")
        yield Region(0, size, "compress-stream", Codec("compress", decode))


def decode(view: View) -> Iterator[bytes]:
    """The stream.

    Raises:
        Malformed: a code refers to what is not there.
    """
    yield from _Lzw(view).pieces(None)


class _Lzw:
    """Codes being decoded; they come in groups of eight, whose rest is skipped where their width changes."""

    def __init__(self, view: View) -> None:
        self._view = view
        flags = view.exact(2, 1)[0]
        self._most = max(9, flags & 0x1F)
        self._clears = bool(flags & BLOCK_MODE)
        self.codes = 0

    def pieces(self, most: int | None) -> Iterator[bytes]:
        """Decoded pieces, from at most `most` encoded bytes (None: all)."""
        first = CLEAR + self._clears
        clear = CLEAR if self._clears else -1
        table = [*(bytes((byte,)) for byte in range(256)), b""][:first]
        width, last, at, out = 9, b"", HEADER, bytearray()
        while True:
            until = GROUPS * 8
            if width < self._most:
                until = min(until, (1 << width) - len(table) + (not last))
            size = width * -(-until // 8)
            if most is not None:
                size = min(size, HEADER + most - at)
            data = self._view.read(at, size)
            codes = _codes(data, width)[:until]
            self._view.step(len(codes) // 4)
            used = 0
            for code in codes:
                used += 1
                if code == clear:
                    break
                if code < len(table):
                    entry = table[code]
                elif code == len(table) and last:
                    entry = last + last[:1]
                else:
                    raise Malformed(self._view.offset + at, f"a code of at most {len(table)}, found {code}")
                if last and len(table) >> self._most == 0:
                    table.append(last + entry[:1])
                out += entry
                last = entry
                if len(out) >= PIECE:
                    yield bytes(out[:PIECE])
                    del out[:PIECE]
            self.codes += used
            if codes and codes[used - 1] == clear:
                del table[first:]
                at, width, last = at + width * -(-used // 8), 9, b""
            elif used < until or len(data) < size:
                break
            else:
                at += width * -(-used // 8)
                width += width < self._most and len(table) >> width
        while out:
            yield bytes(out[:PIECE])
            del out[:PIECE]


def _codes(data: bytes, width: int) -> list[int]:
    """The codes of `width` bits in whole groups of eight, and those of the last that are there."""
    mask, shifts = (1 << width) - 1, range(0, 8 * width, width)
    groups = [int.from_bytes(data[at : at + width], "little") for at in range(0, len(data), width)]
    return [group >> shift & mask for group in groups for shift in shifts][: len(data) * 8 // width]

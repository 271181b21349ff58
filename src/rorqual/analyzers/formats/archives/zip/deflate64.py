"""Deflate64: DEFLATE (RFC 1951) with a window of 64 KiB, distances to there, and a longest match of 65,538 bytes.

No library at hand decodes it, and the ZIPs of Windows Explorer over 2 GB use it: about a megabyte a second here.
"""

from collections.abc import Iterator

from rorqual.sdk import Malformed

WINDOW = 64 << 10
PIECE = 128 << 10
LENGTHS = (
    *((3 + i, 0) for i in range(8)),
    *((11 + 2 * i, 1) for i in range(4)),
    *((19 + 4 * i, 2) for i in range(4)),
    *((35 + 8 * i, 3) for i in range(4)),
    *((67 + 16 * i, 4) for i in range(4)),
    *((131 + 32 * i, 5) for i in range(4)),
    (3, 16),  # in DEFLATE 258
)
DISTANCES = tuple((1 + i, 0) if i < 4 else (1 + (2 + i % 2 << i // 2 - 1), i // 2 - 1) for i in range(32))
ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
LONGEST = 15  # bits of a code
FIXED = ([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8, [5] * 32)


class _Bits:
    """Bits of a stream of pieces, the lowest first."""

    def __init__(self, pieces: Iterator[bytes], offset: int) -> None:
        self._pieces = pieces
        self._data = b""
        self._at = 0
        self._offset = offset
        self.held = 0
        self.count = 0

    def fill(self, wanted: int) -> None:
        """Holds at least so many bits; behind the end there are none but zeros, once."""
        while self.count < wanted:
            part = self._data[self._at : self._at + 6]
            if not part:
                data = next(self._pieces, None)
                if data is None:
                    raise Malformed(self._offset, "more of the Deflate64 stream")
                self._data, self._at = data, 0
                continue
            self.held |= int.from_bytes(part, "little") << self.count
            self.count += 8 * len(part)
            self._at += len(part)

    def take(self, count: int) -> int:
        if self.count < count:
            self.fill(count)
        value = self.held & (1 << count) - 1
        self.held >>= count
        self.count -= count
        return value

    def code(self, table: tuple[list[int], int]) -> int:
        """The next symbol of a code."""
        entries, widest = table
        if self.count < widest:
            try:
                self.fill(widest)
            except Malformed:
                if not self.count:
                    raise
        entry = entries[self.held & (1 << widest) - 1]
        width = entry & 15
        if not width or width > self.count:
            raise Malformed(self._offset, "a code of the Deflate64 stream")
        self.held >>= width
        self.count -= width
        return entry >> 4


def _table(widths: list[int], offset: int) -> tuple[list[int], int]:
    """(symbol << 4 | width by the next bits, how many bits)."""
    widest = max(widths, default=0) or 1
    table = [0] * (1 << widest)
    code = 0
    for width in range(1, widest + 1):
        for symbol, one in enumerate(widths):
            if one == width:
                if code >> width:
                    raise Malformed(offset, "a code that is not oversubscribed")
                first = int(f"{code:0{width}b}"[::-1], 2)
                table[first :: 1 << width] = [symbol << 4 | width] * (1 << widest - width)
                code += 1
        code <<= 1
    return table, widest


def _codes(bits: _Bits, offset: int) -> tuple[tuple[list[int], int], tuple[list[int], int]]:
    literals, distances, count = bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4
    widths = [0] * 19
    for symbol in ORDER[:count]:
        widths[symbol] = bits.take(3)
    table = _table(widths, offset)
    widths = []
    while len(widths) < literals + distances:
        symbol = bits.code(table)
        if symbol < 16:
            widths.append(symbol)
        elif symbol == 16:
            if not widths:
                raise Malformed(offset, "a width to repeat")
            widths += widths[-1:] * (3 + bits.take(2))
        else:
            widths += [0] * (3 + bits.take(3) if symbol == 17 else 11 + bits.take(7))
    return _table(widths[:literals], offset), _table(widths[literals : literals + distances], offset)


def inflate64(pieces: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """The decoded stream, in pieces.

    Raises:
        Malformed: it breaks; `offset` is where it is said to.
    """
    bits = _Bits(pieces, offset)
    out = bytearray()
    kept = 0  # bytes of `out` that were handed on already and are the window
    last = 0
    while not last:
        last, kind = bits.take(1), bits.take(2)
        if kind == 3:
            raise Malformed(offset, "a block of a known type")
        if kind == 0:
            bits.take(bits.count % 8)
            size = bits.take(16)
            if bits.take(16) != size ^ 0xFFFF:
                raise Malformed(offset, "the length of a stored block")
            out += bytes(bits.take(8) for _ in range(size))
        else:
            tables = _codes(bits, offset) if kind == 2 else (_table(FIXED[0], offset), _table(FIXED[1], offset))
            literals, distances = tables
            while (symbol := bits.code(literals)) != 256:
                if symbol < 256:
                    out.append(symbol)
                else:
                    _copy(out, bits, symbol, distances, offset)
                if len(out) - kept >= PIECE:
                    yield bytes(out[kept:])
                    del out[:-WINDOW]
                    kept = len(out)
        if len(out) - kept >= PIECE:
            yield bytes(out[kept:])
            del out[:-WINDOW]
            kept = len(out)
    if len(out) > kept:
        yield bytes(out[kept:])


def _copy(out: bytearray, bits: _Bits, symbol: int, distances: tuple[list[int], int], offset: int) -> None:
    if symbol > 285:
        raise Malformed(offset, "a length of the Deflate64 stream")
    base, extra = LENGTHS[symbol - 257]
    length = base + bits.take(extra)
    base, extra = DISTANCES[bits.code(distances)]
    distance = base + bits.take(extra)
    if distance > len(out):
        raise Malformed(offset, "a distance within what was decoded")
    start = len(out) - distance
    if distance >= length:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // distance + 1))[:length]

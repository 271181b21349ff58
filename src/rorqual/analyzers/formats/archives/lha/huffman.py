"""LHA's methods 4 to 7: blocks of literals and copies, each with Huffman trees of its own, the highest bit first.

A block begins with how many symbols it has and three trees: one for the widths of the second, the second for literals
and lengths, the third for distances. About a megabyte a second.
"""

from collections.abc import Iterator

from rorqual.sdk import Malformed

WINDOWS = {b"-lh4-": 12, b"-lh5-": 13, b"-lh6-": 15, b"-lh7-": 16}  # bits of a distance
PIECE = 128 << 10
LITERALS = 510  # symbols: 256 bytes and lengths of 3 to 256
WIDTHS = 19
_LONGEST = 16  # bits of a code
Table = tuple[list[int], int]


class _Bits:
    """Bits of a stream of pieces, the highest first; behind the end there are a few zeros."""

    def __init__(self, pieces: Iterator[bytes], offset: int) -> None:
        self._pieces = pieces
        self._data = b""
        self._at = 0
        self._spare = 4  # bytes of zeros behind the end
        self.offset = offset
        self.held = 0
        self.count = 0

    def fill(self, wanted: int) -> None:
        while self.count < wanted:
            part = self._data[self._at : self._at + 6]
            if not part:
                data = next(self._pieces, b"")
                if not data:
                    self._spare -= 1
                    if self._spare < 0:
                        raise Malformed(self.offset, "more of the LHA stream")
                    data = b"\0"
                self._data, self._at = data, 0
                continue
            self.held = self.held << 8 * len(part) | int.from_bytes(part, "big")
            self.count += 8 * len(part)
            self._at += len(part)

    def take(self, count: int) -> int:
        if self.count < count:
            self.fill(count)
        self.count -= count
        value = self.held >> self.count
        self.held &= (1 << self.count) - 1
        return value

    def code(self, table: Table) -> int:
        entries, widest = table
        if not widest:
            return entries[0]
        if self.count < widest:
            self.fill(widest)
        entry = entries[self.held >> self.count - widest]
        width = entry & 31
        if not width:
            raise Malformed(self.offset, "a code of the LHA stream")
        self.count -= width
        self.held &= (1 << self.count) - 1
        return entry >> 5


def _table(widths: list[int], offset: int) -> Table:
    """(symbol << 5 | width by the next bits, how many bits)."""
    widest = max(widths, default=0)
    if not widest or widest > _LONGEST:
        raise Malformed(offset, "widths of codes")
    table = [0] * (1 << widest)
    at = 0
    for width in range(1, widest + 1):
        span = 1 << widest - width
        for symbol, one in enumerate(widths):
            if one == width:
                if at + span > len(table):
                    raise Malformed(offset, "a code that is not oversubscribed")
                table[at : at + span] = [symbol << 5 | width] * span
                at += span
    return table, widest


def _small_tree(bits: _Bits, most: int, width: int, special: int) -> Table:
    """The tree for widths (a gap is told after three of them), or that for distances."""
    count = bits.take(width)
    if not count:
        return [bits.take(width)], 0
    widths: list[int] = []
    while len(widths) < min(count, most):
        one = bits.take(3)
        if one == 7:
            while bits.take(1):
                one += 1
                if one > _LONGEST:
                    raise Malformed(bits.offset, "a width")
        widths.append(one)
        if len(widths) == special:
            widths += [0] * bits.take(2)
    return _table(widths, bits.offset)


def _literal_tree(bits: _Bits, small: Table) -> Table:
    count = bits.take(9)
    if not count:
        return [bits.take(9)], 0
    widths: list[int] = []
    while len(widths) < min(count, LITERALS):
        one = bits.code(small)
        if one > 2:
            widths.append(one - 2)
        else:
            widths += [0] * (1 if one == 0 else 3 + bits.take(4) if one == 1 else 20 + bits.take(9))
    return _table(widths[:LITERALS], bits.offset)


def unhuffed(pieces: Iterator[bytes], offset: int, *, size: int, method: bytes) -> Iterator[bytes]:
    """The decoded member of `size` bytes, in pieces.

    Raises:
        Malformed: the stream breaks, and what came before has been handed on; `offset` is where it is said to.
    """
    out = bytearray()
    kept = 0  # bytes of `out` that were handed on already
    steps = _decoded(_Bits(pieces, offset), out, size, WINDOWS[method])
    broken = None
    while broken is None:
        try:
            if next(steps, None) is None:
                break
        except Malformed as error:
            broken = error
        else:
            yield bytes(out[kept:])
            del out[: -(1 << WINDOWS[method])]
            kept = len(out)
    if len(out) > kept:
        yield bytes(out[kept:])
    if broken is not None:
        raise broken


def _decoded(bits: _Bits, out: bytearray, size: int, window: int) -> Iterator[int]:
    """Decodes into `out`, from which the caller may take all but a window at each step."""
    distances, width = (17, 5) if window > 13 else (14, 4)
    made = told = 0  # bytes decoded; of these when the caller was last told
    while made < size:
        symbols = bits.take(16)
        if not symbols:
            raise Malformed(bits.offset, "a block that is not empty")
        small = _small_tree(bits, WIDTHS, 5, 3)
        literals = _literal_tree(bits, small)
        places = _small_tree(bits, distances, width, -1)
        for _ in range(symbols):
            symbol = bits.code(literals)
            if symbol < 256:
                out.append(symbol)
                made += 1
            else:
                place = bits.code(places)
                distance = 1 + (place if place < 2 else (1 << place - 1) + bits.take(place - 1))
                made += _copy(out, distance, symbol - 253, window)
            if made >= size:
                del out[len(out) - made + size :]
                return
            if made - told >= PIECE:
                yield made
                told = made


def _copy(out: bytearray, distance: int, length: int, window: int) -> int:
    """Repeats what was decoded; before the first byte there are blanks. Returns the length."""
    if distance > len(out):
        blanks = min(length, distance - len(out))
        if distance > 1 << window:
            blanks = 0
        out += b" " * blanks
        rest = length - blanks
        if rest > 0:
            _copy(out, distance, rest, window) if distance <= len(out) else out.extend(b" " * rest)
        return length
    start = len(out) - distance
    if distance >= length:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // distance + 1))[:length]
    return length

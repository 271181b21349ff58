"""LZX, as cabinets and help files have it: frames of 32 KiB, in blocks that have Huffman codes of their own.

[MS-PATCH] (https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-patch) describes it. Bits come from words
of 16 bits, the highest first; a frame ends at a whole word. Pure Python makes about a megabyte a second of it, so
that those who use it set a ceiling.
"""

from functools import cache

from rorqual.sdk import Malformed

FRAME = 32 << 10
MOST = 32 << 20  # decoded bytes that are worth the time
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3
LITERALS, LENGTHS, ALIGNMENTS, PRETREE = 256, 249, 8, 20
TRANSLATED_MOST = 32_768  # frames in which targets of calls are translated
_SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
_SLACK = bytes(16)


@cache
def _places() -> tuple[tuple[int, int], ...]:
    """(base, extra bits) of each position slot."""
    base, places = 0, list[tuple[int, int]]()
    for slot in range(50):
        bits = 0 if slot < 4 else min(17, slot // 2 - 1)
        places.append((base, bits))
        base += 1 << bits
    return tuple(places)


class _Wrong(Exception):
    """Bits that mean nothing."""


class Lzx:
    """A stream being decoded, frame by frame; `bits` is the binary logarithm of the window's size."""

    def __init__(self, bits: int, offset: int) -> None:
        if bits not in _SLOTS:
            raise Malformed(offset, "an LZX window of 2^15 to 2^21 bytes")
        self._offset = offset
        self._window = 1 << bits
        self._main_size = LITERALS + 8 * _SLOTS[bits]
        self.reset()

    def reset(self) -> None:
        """Begins anew, as a stream does."""
        self._out = bytearray()
        self._recent = [1, 1, 1]
        self._main_lengths, self._length_lengths = [0] * self._main_size, [0] * LENGTHS
        self._main, self._lengths, self._aligned = list[int](), list[int](), list[int]()
        self._kind, self._left = 0, 0  # of the block
        self._padded = False  # an uncompressed block of odd size was the last
        self._started = False
        self._translated = 0  # size of the file that calls are translated for; 0: they are not
        self._frames = 0

    def frame(self, data: bytes, size: int) -> tuple[bytes, int]:
        """The frame of `size` bytes that `data` begins with, and how many of its bytes it takes.

        Raises:
            Malformed: it does not decode.
        """
        even = data if len(data) % 2 == 0 else data + b"\0"
        words = bytearray(len(even))
        words[0::2], words[1::2] = even[1::2], even[0::2]
        self._data, self._limit, self._at = bytes(words) + _SLACK, 8 * len(even), 0
        start = len(self._out)
        try:
            if not self._started:
                self._started = True
                if self._bits(1):
                    self._translated = self._bits(16) << 16 | self._bits(16)
            while len(self._out) - start < size:
                if not self._left:
                    self._block(even)
                before = len(self._out)
                most = min(self._left, size - (before - start))
                if self._kind == UNCOMPRESSED:
                    at = self._at // 8
                    self._out += even[at : at + most]
                    self._at += 8 * most
                else:
                    self._matches(before + most)
                made = len(self._out) - before
                if self._at > self._limit or not made or (made > most and size == FRAME):
                    raise _Wrong
                self._left = max(0, self._left - made)
        except (_Wrong, IndexError):
            raise Malformed(self._offset, "LZX data") from None
        frame = bytes(self._out[start : start + size])  # the last of a stream may be cut in a match
        if len(self._out) > 2 * self._window + FRAME:
            del self._out[: -self._window]
        if self._kind != UNCOMPRESSED or not self._left:
            self._at += -self._at % 16
            self._padded = False
        return self._plain(frame), self._at // 8

    def _bits(self, count: int) -> int:
        at = self._at
        self._at += count
        first = at >> 3
        return int.from_bytes(self._data[first : first + 4], "big") >> 32 - (at & 7) - count & (1 << count) - 1

    def _symbol(self, table: list[int]) -> int:
        at = self._at
        first = at >> 3
        found = table[int.from_bytes(self._data[first : first + 3], "big") >> 8 - (at & 7) & 0xFFFF]
        self._at += found & 31
        return found >> 5

    def _block(self, even: bytes) -> None:
        if self._padded and self._kind == UNCOMPRESSED:
            self._at += 8
            self._padded = False
        self._kind = self._bits(3)
        self._left = self._bits(16) << 8 | self._bits(8)
        if not self._left or self._at > self._limit:
            raise _Wrong
        if self._kind == UNCOMPRESSED:
            self._at += 16 - self._at % 16  # one to sixteen bits
            at = self._at // 8
            self._recent = [int.from_bytes(even[at + 4 * one : at + 4 * one + 4], "little") for one in range(3)]
            self._at += 96
            self._padded = bool(self._left % 2)
            return
        if self._kind not in (VERBATIM, ALIGNED):
            raise _Wrong
        if self._kind == ALIGNED:
            self._aligned = _table([self._bits(3) for _ in range(ALIGNMENTS)])
        self._read_lengths(self._main_lengths, 0, LITERALS)
        self._read_lengths(self._main_lengths, LITERALS, self._main_size)
        self._main = _table(self._main_lengths)
        self._read_lengths(self._length_lengths, 0, LENGTHS)
        self._lengths = _table(self._length_lengths) if any(self._length_lengths) else []

    def _read_lengths(self, lengths: list[int], at: int, end: int) -> None:
        table = _table([self._bits(4) for _ in range(PRETREE)])
        while at < end:
            code = self._symbol(table)
            if code < 17:
                lengths[at] = (lengths[at] - code) % 17
                at += 1
                continue
            if code == 17:
                count, value = 4 + self._bits(4), 0
            elif code == 18:
                count, value = 20 + self._bits(5), 0
            else:
                count = 4 + self._bits(1)
                value = (lengths[at] - self._symbol(table)) % 17
            count = min(count, end - at)
            lengths[at : at + count] = [value] * count
            at += count
            if self._at > self._limit:
                raise _Wrong

    def _matches(self, end: int) -> None:
        """Decodes up to `end` bytes of output."""
        out, data, main, lengths, limit = self._out, self._data, self._main, self._lengths, self._limit
        first, second, third = self._recent
        places, aligned = _places(), self._kind == ALIGNED
        at = self._at
        while len(out) < end:
            byte = at >> 3
            found = main[int.from_bytes(data[byte : byte + 3], "big") >> 8 - (at & 7) & 0xFFFF]
            at += found & 31
            symbol = found >> 5
            if symbol < LITERALS:
                out.append(symbol)
                continue
            if at > limit:
                raise _Wrong
            symbol -= LITERALS
            count, slot = symbol & 7, symbol >> 3
            if count == 7:
                byte = at >> 3
                found = lengths[int.from_bytes(data[byte : byte + 3], "big") >> 8 - (at & 7) & 0xFFFF]
                at += found & 31
                count += found >> 5
            count += 2
            if slot == 0:
                distance = first
            elif slot == 1:
                distance, second = second, first
            elif slot == 2:
                distance, third = third, first
            else:
                base, extra = places[slot]
                self._at = at
                if aligned and extra >= 3:
                    distance = (self._bits(extra - 3) << 3) + self._symbol(self._aligned)
                else:
                    distance = self._bits(extra)
                at = self._at
                distance += base - 2
                second, third = first, second
            first = distance
            start = len(out) - distance
            if start < 0 or distance <= 0:
                raise _Wrong
            out += out[start : start + count] if distance >= count else (out[start:] * (count // distance + 1))[:count]
        self._at = at
        self._recent = [first, second, third]

    def _plain(self, frame: bytes) -> bytes:
        """The frame with the targets of its calls relative again."""
        number, self._frames = self._frames, self._frames + 1
        if not self._translated or number >= TRANSLATED_MOST or len(frame) <= 10:
            return frame
        plain, at, last = bytearray(frame), 0, len(frame) - 10
        while (at := plain.find(0xE8, at, last)) >= 0:
            target = int.from_bytes(plain[at + 1 : at + 5], "little", signed=True)
            here = number * FRAME + at
            if -here <= target < self._translated:
                relative = target - here if target >= 0 else target + self._translated
                plain[at + 1 : at + 5] = (relative & 0xFFFFFFFF).to_bytes(4, "little")
            at += 5
        return bytes(plain)


def _table(lengths: list[int]) -> list[int]:
    """For each 16 bits the symbol that they begin with, times 32, plus the bits of its code."""
    table = list[int]()
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths) if length):
        table += [symbol << 5 | length] * (1 << 16 - length)
    if len(table) != 1 << 16:
        raise _Wrong
    return table

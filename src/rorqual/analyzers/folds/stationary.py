"""Stretches whose bytes are drawn from one distribution throughout: random filler, and dice with fewer sides.

Text, code, tables and what is packed differ from one place to the next by far more than chance does; bytes that a
generator drew do not. What packs best, LZMA and encryption, differs no more either: at 60 MB LZMA passes every test
that counts can make, so that a uniform stretch is a candidate here and no more.

The grid has at most 128 bins whatever the size, on multiples of a power of two.
"""

from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple

from rorqual.sdk import Histogram, Measure, Window, byte_counts, coarser, measure

COARSE = 8  # pieces of a window's grid to a bin
DEVIATIONS = 6  # of chi-square beyond what is expected: one honest random bin in a thousand million goes there
SLACK = 12  # of chi-square, where there are so few values that it is no bell
CLOSE = 7.5  # bits a byte: uniform bytes have all 8; what lies between is compressed without an end to its structure
LEAST = 8  # bins of a stretch
WAITING = 1024  # pieces that are held until somebody asks: what a window of any source comes to


class Stationary(NamedTuple):
    """Bins from `start` to `end`, all of one distribution; the stretch may begin and end a bin further out."""

    start: int
    end: int
    width: int  # of a bin
    counts: tuple[int, ...]  # of the 256 values
    uniform: bool


class Bins:
    """Byte counts of a source that is fed in order."""

    __slots__ = ("_bins", "_waiting", "_waits", "end", "width")

    def __init__(self) -> None:
        self._bins: list[Histogram] = []
        self._waiting: list[tuple[int, int, tuple[Histogram, ...]]] = []  # offset, grid and pieces of windows
        self._waits = 0  # pieces of them
        self.width = COARSE
        self.end = 0

    def feed(self, window: Window) -> None:
        """Takes in the window, which begins where the last ended."""
        pieces = window.pieces()
        self._waiting.append((window.offset, window.width, pieces))
        self._waits += len(pieces)
        self.end = window.end
        if self._waits > WAITING:  # most sources end before, and nobody asks for their bins
            self._add()

    def _add(self) -> None:
        for offset, grid, pieces in self._waiting:
            width, at = grid * COARSE, offset
            if self._bins and self.width < width:
                self._bins = list(coarser(0, self._bins, width // self.width))
            self.width = width
            for piece in pieces:
                if at // width < len(self._bins):
                    self._bins[-1] += piece
                else:
                    self._bins.append(piece)
                at += grid - at % grid
        self._waiting.clear()
        self._waits = 0

    def stretches(self, known: list[tuple[int, int]]) -> Iterator[Stationary]:
        """Those that do not lie within the `known` (start, end)."""
        self._add()
        bins, start = [measure(one) for one in self._bins], 0
        for index in range(1, len(bins) + 1):
            if index < len(bins) and alike(bins[index - 1], bins[index]):
                continue
            if index - start >= LEAST:
                yield from self._stretch(bins, start, index, known)
            start = index

    def _stretch(self, bins: list[Measure], start: int, end: int, known: list[tuple[int, int]]) -> Iterator[Stationary]:
        first, last = start * self.width, min(end * self.width, self.end)
        if any(a < last and first < b for a, b in known):
            return
        whole = measure(sum(self._bins[start:end]))
        if last == self.end and end - start > LEAST and not alike(whole, bins[end - 1]):
            # Of the few bytes of the last bin the entropy is less by chance: borders are sought a bin further anyway.
            end, last = end - 1, (end - 1) * self.width
            whole = measure(sum(self._bins[start:end]))
        uniform = whole.chi_square <= 255 + DEVIATIONS * sqrt(2 * 255)
        if (uniform or whole.entropy <= CLOSE) and all(alike(whole, one) for one in bins[start:end]):
            yield Stationary(first, last, self.width, byte_counts(sum(self._bins[start:end])), uniform)


def alike(one: Measure, other: Measure) -> bool:
    """Whether two counts may come from one distribution, by Pearson's test of two samples."""
    if not one.size or not other.size or abs(one.entropy - other.entropy) > 0.1:
        return False
    up, down = sqrt(other.size / one.size), sqrt(one.size / other.size)
    pairs = [(a, b) for a, b in zip(one.counts, other.counts, strict=True) if a or b]
    differ = sum((a * up - b * down) ** 2 / (a + b) for a, b in pairs)
    free = len(pairs) - 1
    return differ <= free + DEVIATIONS * sqrt(2 * free) + SLACK

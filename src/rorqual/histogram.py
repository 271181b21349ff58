"""Byte histograms as single integers: 256 lanes of 64 bits, so that adding two histograms is one addition.

All sums are of integers, logarithms in fixed point among them; floats come last. So a measure depends neither
on the order of the addends nor on how a Python version rounds `sum`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rorqual.kernels import moments
from rorqual.oracles import LANES, POINT, Histogram

__all__ = [
    "MAP_BINS",
    "MIN_WIDTH",
    "Histogram",
    "Measure",
    "byte_counts",
    "chi_square",
    "coarser",
    "entropy",
    "map_width",
    "measure",
    "measures",
]

MAP_BINS = 1024  # a map is drawn from these; more bins than pixels tell nobody anything
MIN_WIDTH = 256  # a narrower bin has fewer bytes than byte values


def map_width(end: int) -> int:
    """The smallest power of two, at least MIN_WIDTH, that covers `end` bytes with at most MAP_BINS bins."""
    return max(MIN_WIDTH, 1 << (-(-end // MAP_BINS) - 1).bit_length()) if end else MIN_WIDTH


def byte_counts(histogram: Histogram) -> tuple[int, ...]:
    """How often each of the 256 byte values occurs."""
    return LANES.unpack(histogram.to_bytes(LANES.size, "little"))


def coarser(first: int, values: list[int], factor: int) -> Iterator[int]:
    """Bins `first`, `first` + 1, … summed into bins `factor` times as wide, from bin `first // factor` on."""
    for at in range(-(first % factor), len(values), factor):
        yield sum(values[max(at, 0) : at + factor])


class Measure(NamedTuple):
    """What a histogram says of its bytes; all zero where there are none."""

    counts: tuple[int, ...]
    size: int
    entropy: float  # Shannon, bits per byte
    chi_square: float  # against the uniform distribution: 255 is expected of random bytes
    mean: float
    printable: float  # share of ASCII 0x20 to 0x7e, tab, line feed, carriage return
    zero: float  # share of 0x00


def measures(histograms: Iterable[Histogram]) -> Iterator[Measure]:
    """All measures of each histogram."""
    for histogram in histograms:
        raw = histogram.to_bytes(LANES.size, "little")
        counts = LANES.unpack(raw)
        size, total, squares, logs, whole = moments(raw)
        if not size:
            yield Measure(counts, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
            continue
        printable = sum(counts[0x20:0x7F]) + counts[9] + counts[10] + counts[13]
        yield Measure(
            counts,
            size,
            (whole - logs) / (size * POINT),
            (256 * squares - size * size) / size,
            total / size,
            printable / size,
            counts[0] / size,
        )


def measure(histogram: Histogram) -> Measure:
    """All measures of one histogram."""
    return next(measures((histogram,)))


def entropy(histogram: Histogram) -> float:
    """Shannon entropy in bits per byte, 0.0 of nothing."""
    return measure(histogram).entropy


def chi_square(histogram: Histogram) -> float:
    """Pearson's statistic against the uniform distribution, 255 degrees of freedom, 0.0 of nothing."""
    return measure(histogram).chi_square

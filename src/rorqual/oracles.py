"""The kernels in plain Python: what the C functions must equal, and what runs where there was no compiler."""

from collections import Counter
from itertools import pairwise
from math import log2
from operator import mul
from struct import Struct
from typing import TypeAlias

Histogram: TypeAlias = int
Bytes = bytes | bytearray | memoryview
Span = tuple[int, int, int]  # start, end, period
Moments = tuple[int, int, int, int, int]

LANES = Struct("<256Q")  # a histogram as bytes
POINT = 1 << 20  # of a fixed-point logarithm: the error of an entropy stays below 2**-20 bits
MAX_PERIOD = 64


def histograms(data: Bytes, lead: int, width: int, /) -> bytes:
    """256 little-endian 64-bit counts for each piece: data[:lead] where lead > 0, then every `width`
    bytes."""
    if lead < 0:
        raise ValueError("lead must not be negative")
    if width <= 0:
        raise ValueError("width must be positive")
    view = flat(data)
    cuts = ([0] if lead and view else []) + list(range(lead, len(view), width)) + [len(view)]
    return b"".join(counts(view[a:b]) for a, b in pairwise(cuts))


def counts(piece: memoryview) -> bytes:
    """The 256 counts of one piece."""
    found = Counter(piece)
    return LANES.pack(*map(found.__getitem__, range(256)))


def moments(lanes: Bytes, /) -> Moments:
    """Sums over the counts c[i] of one histogram: c[i], i * c[i], c[i] squared, their logarithm(c[i]), and
    the logarithm of the first sum."""
    table = LANES.unpack(flat(lanes))
    size = sum(table)
    return (
        size,
        sum(map(mul, table, range(256))),
        sum(map(mul, table, table)),
        sum(map(logarithm, table)),
        logarithm(size),
    )


def logarithm(n: int) -> int:
    """n * log2(n) in fixed point."""
    return int(n * log2(n) * POINT + 0.5) if n else 0


def periodic_runs(data: Bytes, min_length: int, max_period: int, /) -> list[Span]:
    """The runs of `data` in order: maximal ranges of minimal period at most `max_period` which are
    `min_length` long, or touch the first or the last byte and are twice `max_period` long.

    Two runs share fewer bytes than their periods sum to (Fine and Wilf), hence probes `min_length` less an
    edge apart meet every run, a run found is left for good but for its last edge, and each is found once.
    """
    if not 1 <= max_period <= MAX_PERIOD:
        raise ValueError(f"max_period must be 1 to {MAX_PERIOD}")
    if min_length < 4 * max_period:
        raise ValueError("min_length must be at least 4 * max_period")
    text = bytes(flat(data))
    edge, size = 2 * max_period, len(text)
    runs: list[Span] = []
    at = 0
    while at + edge <= size:
        beyond = at + min_length - edge + 1
        period = minimal_period(text[at : at + edge])
        if period:
            start, end = leftward(text, at, period), rightward(text, at + edge, period)
            if end - start >= min_length or start == 0 or end == size:
                runs.append((start, end, period))
            beyond = max(beyond, end - edge + 1)
        at = beyond
    if size >= edge and not (runs and runs[-1][1] == size):
        period = minimal_period(text[size - edge :])
        if period:
            runs.append((leftward(text, size - edge, period), size, period))
    return runs


def minimal_period(text: bytes) -> int:
    """The smallest period of `text` if it is at most half its length, else 0.

    The first place where the first half occurs again decides: a longer period would make that shift a period
    too.
    """
    shift = text.find(text[: len(text) // 2], 1)
    return shift if shift > 0 and text[shift:] == text[:-shift] else 0


def rightward(text: bytes, at: int, period: int) -> int:
    """The end of the stretch from `at` on in which every byte equals the one `period` before it."""
    step = 64
    while at < len(text):
        here = text[at : at + step]
        same = common_prefix(here, text[at - period : at - period + len(here)])
        at += same
        if same < len(here):
            break
        step = min(2 * step, 1 << 20)
    return at


def leftward(text: bytes, at: int, period: int) -> int:
    """The start of the stretch up to `at` in which every byte equals the one `period` after it."""
    step = 64
    while at:
        here = text[max(at - step, 0) : at]
        same = common_suffix(here, text[at - len(here) + period : at + period])
        at -= same
        if same < len(here):
            break
        step = min(2 * step, 1 << 20)
    return at


def common_prefix(a: bytes, b: bytes) -> int:
    """How many leading bytes of two texts of one length are equal."""
    if a == b:
        return len(a)
    differ = int.from_bytes(a, "little") ^ int.from_bytes(b, "little")
    return ((differ & -differ).bit_length() - 1) // 8


def common_suffix(a: bytes, b: bytes) -> int:
    """How many trailing bytes of two texts of one length are equal."""
    if a == b:
        return len(a)
    differ = int.from_bytes(a, "little") ^ int.from_bytes(b, "little")
    return len(a) - (differ.bit_length() + 7) // 8


def flat(data: Bytes) -> memoryview:
    """The buffer as plain bytes, as C sees it.

    Raises:
        BufferError: its bytes do not lie in a row.
    """
    view = memoryview(data)
    if not view.c_contiguous:
        raise BufferError("the buffer is not C-contiguous")
    return view.cast("B")


def word_sum(data: Bytes, /) -> int:
    """The sum of all little-endian 16-bit words of `data`; an odd last byte is the low half of one."""
    view = memoryview(data).cast("B")
    return sum(view[0::2]) + (sum(view[1::2]) << 8)

"""The leaf loops: in C where the extension was built, else in Python, with the same results."""

import sys
from array import array
from collections.abc import Callable

from rorqual import oracles
from rorqual.oracles import LANES, Bytes, Histogram, Moments, Span

try:
    from rorqual import _kernels
except ImportError:
    NATIVE = FUSED = False
    _histograms, _moments, _periodic_runs = oracles.histograms, oracles.moments, oracles.periodic_runs
    _word_sum, _landmarks, _records = oracles.word_sum, oracles.landmarks, oracles.records
    _crlf_pairs, _utf8_prefix = oracles.crlf_pairs, oracles.utf8_prefix
else:
    NATIVE = True
    FUSED = bool(_kernels.FUSED)
    _histograms, _moments, _periodic_runs = _kernels.histograms, _kernels.moments, _kernels.periodic_runs
    _word_sum, _landmarks, _records = _kernels.word_sum, _kernels.landmarks, _kernels.records
    _crlf_pairs, _utf8_prefix = _kernels.crlf_pairs, _kernels.utf8_prefix

__all__ = [
    "FUSED",
    "NATIVE",
    "Bytes",
    "Histogram",
    "Moments",
    "Span",
    "crlf_pairs",
    "digest_blocks",
    "histogram",
    "histograms",
    "landmarks",
    "moments",
    "periodic_runs",
    "records",
    "utf8_prefix",
    "word_sum",
]


def crlf_pairs(data: Bytes) -> int:
    """How many CR of `data` have an LF right behind them."""
    return _crlf_pairs(data)


def digest_blocks(parts: list[tuple[bytearray, Bytes]]) -> None:
    """Advances each state by the blocks given with it, all in one loop; FUSED says whether it is there.

    A state is a digest's words in the machine's order: 16 bytes of MD5, 20 of SHA-1, 32 of SHA-256, none given twice.
    Its data are whole blocks of 64 bytes. There is no oracle in Python: who has no such loop asks hashlib.
    """
    if not FUSED:
        raise NotImplementedError("digest_blocks: not on this machine")
    _kernels.digest_blocks(parts)


def histogram(data: Bytes) -> Histogram:
    """How often each byte value occurs in `data`."""
    return int.from_bytes(_histograms(data, 0, max(memoryview(data).nbytes, 1)), "little")


def histograms(data: Bytes, lead: int, width: int) -> tuple[Histogram, ...]:
    """The histograms of data[:lead] where lead > 0, then of every `width` bytes; the last may be short."""
    raw = _histograms(data, lead, width)
    return tuple(int.from_bytes(raw[at : at + LANES.size], "little") for at in range(0, len(raw), LANES.size))


def landmarks(data: Bytes, state: bytes) -> tuple[bytes, list[int]]:
    """The state after `data`, and its landmarks as numbers two by two; see `oracles.landmarks` for what they are."""
    after, found = _landmarks(data, state)
    numbers = array("Q", found)
    if sys.byteorder == "big":
        numbers.byteswap()
    return after, numbers.tolist()


def moments(lanes: Bytes) -> Moments:
    """Sums over the counts of a histogram, given as bytes; see `oracles.moments`."""
    try:
        return _moments(lanes)
    except OverflowError:  # C counts 4 GiB at a time, which only the sum of a whole source exceeds
        return oracles.moments(lanes)


def periodic_runs(data: Bytes, min_length: int, max_period: int) -> list[Span]:
    """The runs (start, end, period) of `data`, in order; see `oracles.periodic_runs` for what a run is.

    `max_period` is at most 128 KiB and `min_length` at least four times that.
    """
    return _periodic_runs(data, min_length, max_period)


def records(
    heads: tuple[bytes, ...], order: bytes, rows: tuple[tuple[object, ...], ...], other: Callable[[object], str]
) -> str:
    """Rows as JSON objects, parted by commas; see `oracles.records` for what is what."""
    return _records(heads, order, rows, other)


def utf8_prefix(data: Bytes) -> tuple[int, bool]:
    """The size of the whole UTF-8 characters that `data` begins with, and whether an error follows; see
    `oracles.utf8_prefix`."""
    return _utf8_prefix(data)


def word_sum(data: Bytes) -> int:
    """The sum of all little-endian 16-bit words of `data`; an odd last byte is the low half of one."""
    return _word_sum(data)

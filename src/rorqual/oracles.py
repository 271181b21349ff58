"""The kernels in plain Python: what the C functions must equal, and what runs where there was no compiler."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import isfinite, log2
from operator import mul
from struct import Struct
from typing import TypeAlias

Histogram: TypeAlias = int
Bytes = bytes | bytearray | memoryview
Span = tuple[int, int, int]  # start, end, period
Moments = tuple[int, int, int, int, int]

LANES = Struct("<256Q")  # a histogram as bytes
POINT = 1 << 20  # of a fixed-point logarithm: the error of an entropy stays below 2**-20 bits
MAX_PERIOD = 1 << 17
MASK = (1 << 64) - 1
TRAIL = Struct("<4QQQ32s16s")  # lanes, bytes since the last landmark, since the last mark; pending; the last bytes
MARK_GAP = 4096
PAIR, STRIPE = Struct("<2Q"), Struct("<4Q")
ODD, MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9
ATOMS = (str, int, float, bool, bytes, type(None))
PAIRS = re.compile(
    rb"(?=[\x04\x14\x24\x34\x44\x54\x64\x74\x84\x94\xa4\xb4\xc4\xd4\xe4\xf4][\x13\x33\x53\x73\x93\xb3\xd3\xf3])"
)


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


def crlf_pairs(data: Bytes, /) -> int:
    """How many CR of `data` have an LF right behind them."""
    return bytes(flat(data)).count(b"\r\n")


def utf8_prefix(data: Bytes, /) -> tuple[int, bool]:
    """The size of the whole UTF-8 characters that `data` begins with, and whether what follows is an error; if not it
    is nothing, or the beginning of a character. Overlong forms, surrogates and numbers beyond U+10FFFF are errors."""
    try:
        return codecs.utf_8_decode(flat(data), "strict", False)[1], False
    except UnicodeDecodeError as error:
        return error.start, True


def landmarks(data: Bytes, state: Bytes, /) -> tuple[bytes, bytes]:
    """The state after `data` and, as pairs of little-endian 64-bit numbers, its landmarks: where each is (the bytes
    of `data` before it) and a number for the bytes between it and the one before. The first state is empty.

    A place is marked when the two bytes before it are one of PAIRS and the 16 before it hash to 1 in 8; it is a
    landmark when none of the MARK_GAP bytes before it is marked.
    """
    if len(state) not in (0, TRAIL.size):
        raise ValueError(f"a state has 0 or {TRAIL.size} bytes, not {len(state)}")
    text = bytes(flat(data))
    if state:
        *lanes, size, since, pending, before = TRAIL.unpack(state)
        since = min(since, MARK_GAP)
    else:
        lanes, size, since, pending, before = fresh_lanes(), 0, MARK_GAP, b"", bytes(16)
    pending = pending[: size % 32]
    known, found, start = before + text, [], 0
    for pair in PAIRS.finditer(known, 14):
        place = pair.start() + 2 - 16
        if not 0 < place <= len(text):
            continue
        first, second = PAIR.unpack_from(known, place)
        if stir(first, second) * MIX % (MASK + 1) >> 61:
            continue
        if since + place >= MARK_GAP:
            lanes, pending = absorb(lanes, pending + text[start:place])
            size += place - start
            found += [place, concluded(lanes, pending, size)]
            lanes, pending, size, start = fresh_lanes(), b"", 0, place
        since = -place
    lanes, pending = absorb(lanes, pending + text[start:])
    size += len(text) - start
    since = min(since + len(text), MARK_GAP)
    after = TRAIL.pack(*lanes, size, since, pending, known[-16:])
    return after, Struct(f"<{len(found)}Q").pack(*found)


def fresh_lanes() -> list[int]:
    """Where the number of a segment begins."""
    return [MIX * lane & MASK for lane in range(1, 5)]


def stir(lane: int, word: int) -> int:
    """A lane that has taken in a word."""
    lane = (lane ^ word) * ODD & MASK
    return (lane << 31 | lane >> 33) & MASK


def absorb(lanes: list[int], data: bytes) -> tuple[list[int], bytes]:
    """The lanes after all whole stripes of `data`, and the rest of it."""
    whole = len(data) - len(data) % 32
    for stripe in STRIPE.iter_unpack(data[:whole]):
        lanes = list(map(stir, lanes, stripe))
    return lanes, data[whole:]


def concluded(lanes: list[int], pending: bytes, size: int) -> int:
    """The number of a segment."""
    for word in (*lanes, *STRIPE.unpack(pending.ljust(32, b"\0"))):
        size = stir(size, word)
    return size


def records(
    heads: tuple[bytes, ...], order: bytes, rows: tuple[tuple[object, ...], ...], other: Callable[[object], str], /
) -> str:
    """Rows as JSON objects in ASCII, parted by commas: of each the values whose places `order` gives, each behind its
    head. `other` gives the text of what is neither atom, bytes (as hex digits) nor a tuple that begins with one."""
    if len(heads) != len(order) or not all(isinstance(row, tuple) for row in rows):
        raise TypeError("records: a row is a tuple with a place for each head")
    form = "{" + "".join(head.decode().replace("%", "%%") + "%s" for head in heads) + "}"
    return ",".join([form % tuple([_text(row[place], other) for place in order]) for row in rows])


def _text(value: object, other: Callable[[object], str]) -> str:
    if _is_atom(value):
        return _atom(value)
    if type(value) is tuple and (not value or _is_atom(value[0])):
        return f"[{','.join([_atom(item) if _is_atom(item) else other(item) for item in value])}]"
    return other(value)


def _is_atom(value: object) -> bool:
    return type(value) in ATOMS and (not isinstance(value, float) or isfinite(value))


def _atom(value: object) -> str:
    return json.dumps(value.hex() if isinstance(value, bytes) else value)

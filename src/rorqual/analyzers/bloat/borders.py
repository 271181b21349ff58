"""Where filler begins and ends. The fold knows it to a landmark or a bin; here the bytes around are read again."""

from itertools import accumulate
from math import log, sqrt

from rorqual.analyzers.folds.stationary import Stationary
from rorqual.sdk import View, byte_counts, histogram

STEP = 1 << 16
MOST = 8 << 20  # bytes of a repeated block sought before and behind what is proven: 11,000 are usual
PIECE = 1 << 14  # bytes that are told from drawn ones by their counts
NEAR = 1 << 13  # within which the likeliest border is sought byte by byte
FLOOR = 1e-9  # what is never drawn is drawn so seldom
DOUBT = 20.0  # natural logarithm of how much likelier a trailer must be than none
# Structures in general: zeros, text, and the rest.
USUAL = [0.25 if value == 0 else 0.45 / 95 if 32 <= value < 127 else 0.3 / 160 for value in range(256)]
DEVIATIONS = 8  # of chi-square of a piece that is still drawn


def repeated(view: View, start: int, end: int, period: int) -> tuple[int, int, bool]:
    """(start, end, exact) of the bytes of this period, of which `start` to `end` are known."""
    more = _onward(view, end, period)
    less = _backward(view, start, period)
    return start - less, end + more, max(less, more) < MOST


def _onward(view: View, at: int, period: int) -> int:
    """How many bytes from `at` on are those a period before."""
    same = 0
    while same < MOST:
        here, there = view.read(at + same, STEP), view.read(at + same - period, STEP)
        same += (equal := common(here, there[: len(here)]))
        if equal < STEP:
            break
    return same


def _backward(view: View, at: int, period: int) -> int:
    """How many bytes before `at` are those a period later."""
    same = 0
    while same < min(at, MOST):
        step = min(STEP, at - same)
        here, there = view.read(at - same - step, step), view.read(at - same - step + period, step)
        same += (equal := common(here[::-1], there[::-1]))
        if equal < step:
            break
    return same


def common(a: bytes, b: bytes) -> int:
    """How many leading bytes of two texts of one length are equal."""
    if a == b:
        return len(a)
    differ = int.from_bytes(a, "little") ^ int.from_bytes(b, "little")
    return ((differ & -differ).bit_length() - 1) // 8


def drawn(view: View, stretch: Stationary, size: int) -> tuple[int, int]:
    """The likeliest (start, end) of drawn bytes in a source of `size`."""
    shares = _shares(stretch.counts)
    middle = (stretch.start + stretch.end) // 2
    start = _border(view, shares, max(0, stretch.start - stretch.width), middle, forward=True)
    outmost = min(size, stretch.end + stretch.width)
    return start, _border(view, shares, outmost, middle, forward=False)


def _shares(counts: tuple[int, ...]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]


def _border(view: View, shares: list[float], outside: int, inside: int, *, forward: bool) -> int:
    """The border between `outside` (where there may be drawn bytes as well) and `inside`, where there are."""
    sign = 1 if forward else -1
    if _is_drawn(_piece(view, outside, sign * PIECE), shares):
        return outside if forward else _before_trailer(view, shares, outside)
    while abs(inside - outside) > PIECE // 4:
        middle = (inside + outside) // 2
        if _is_drawn(_piece(view, middle, sign * PIECE), shares):
            inside = middle
        else:
            outside = middle
    # Of the last bytes outside and the first inside, where is it likeliest that one begins and the other ends?
    other = _shares(tuple(count + 1 for count in byte_counts(histogram(_piece(view, inside, -sign * 3 * NEAR)))))
    first = max(0, inside - NEAR)
    row = view.read(first, inside + NEAR - first)
    best, _ = _likeliest(row if forward else row[::-1], other, shares)
    return first + best if forward else first + len(row) - best


def _before_trailer(view: View, shares: list[float], end: int) -> int:
    """Where drawn bytes end that go on to `end`, but for a trailer too short to show in the counts of a piece."""
    best, score = _likeliest(_piece(view, end, -NEAR)[::-1], USUAL, shares)
    return end - best if score > DOUBT else end


def _likeliest(data: bytes, other: list[float], shares: list[float]) -> tuple[int, float]:
    """How many leading bytes are likeliest of the other kind, the rest being drawn, and how much likelier that is."""
    scores = [log(theirs) - log(max(ours, FLOOR)) for theirs, ours in zip(other, shares, strict=True)]
    sums = list(accumulate((scores[byte] for byte in data), initial=0.0))
    best = max(range(len(sums)), key=sums.__getitem__)
    return best, sums[best]


def _piece(view: View, at: int, size: int) -> bytes:
    """The bytes from `at` on, or up to it where `size` is negative, in their order."""
    start = max(0, at if size > 0 else at + size)
    return view.read(start, at + size - start if size > 0 else at - start)


def _is_drawn(data: bytes, shares: list[float]) -> bool:
    if not data:
        return False
    differ, free = 0.0, -1
    for count, share in zip(byte_counts(histogram(data)), shares, strict=True):
        if share:
            differ += (count - len(data) * share) ** 2 / (len(data) * share)
            free += 1
        elif count:
            return False
    return differ <= free + DEVIATIONS * sqrt(2 * max(free, 1)) + DEVIATIONS

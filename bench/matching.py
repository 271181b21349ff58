"""What matching alone costs as patterns grow: processor time of one matcher over the windows of the 1 GB PE.

The installed anchors are in every set, as in every scan, and random ones fill it up. The same without the installed
ones stands beside it: random literals alone are cheaper to begin with, since none is as short as "MZ".
"""

import mmap
import statistics
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from bench import data
from bench.context import Context
from bench.many_anchors import random_anchors
from bench.rows import Row
from rorqual.engine import database
from rorqual.engine.matcher import HyperscanMatcher, Matcher, ReferenceMatcher
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan, installed
from rorqual.sdk import Anchor

FEW, MANY = 200, 10_000
BAR = 1.3
WINDOW = 8 << 20
SMALL_PART = 512 << 10  # bytes that the reference is given


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    path = context.data.pe()
    data.read_through(path)
    yield from _growth(context, path, "matching", Plan.of(installed()).anchors, BAR)
    yield from _growth(context, path, "matching random literals alone", (), BAR)
    few = patterns(FEW)
    slow, seen = matched(ReferenceMatcher(few), path, SMALL_PART)
    fast, also = matched(HyperscanMatcher(database.load(few)), path, SMALL_PART)
    note = f"{FEW} anchors over {SMALL_PART >> 10} KiB; {'the same' if seen == also else 'NOT the same'} hits"
    yield Row("matching, reference / hyperscan", round(slow / fast, 1), note=note)


def _growth(
    context: Context, path: Path, what: str, always: tuple[tuple[int, Anchor], ...], bar: float
) -> Iterator[Row]:
    quick = [HyperscanMatcher(database.load(patterns(count, always))) for count in (FEW, MANY)]
    samples: tuple[list[float], ...] = ([], [])
    for turn in range(context.rounds + 1):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            cost, _ = matched(quick[side], path)
            if turn:  # the first round warms up
                samples[side].append(cost)
    low, high = map(statistics.median, samples)
    note = f"{high:.2f} s to {low:.2f} s of CPU over {path.stat().st_size / 1e9:.2f} GB"
    yield Row(f"{what}, {MANY:,} / {FEW} anchors", round(high / low, 3), bar=bar, note=note)


def patterns(count: int, always: tuple[tuple[int, Anchor], ...] = ()) -> Patterns:
    """`always` and as many random anchors as make `count`, numbered."""
    return Patterns([*always, *((0, anchor) for anchor in random_anchors(count - len(always)))])


def matched(matcher: Matcher, path: Path, most: int | None = None) -> tuple[float, int]:
    """(processor seconds, hits) of matching the first `most` bytes of a file."""
    room = memoryview(mmap.mmap(-1, WINDOW))
    cost, hits, left = 0.0, 0, path.stat().st_size if most is None else most

    def count(found: "array[int]") -> None:
        nonlocal hits
        hits += len(found)

    with path.open("rb", buffering=0) as file:
        while left and (got := file.readinto(room[: min(left, WINDOW)])):
            began = time.thread_time()
            matcher.match(room[:got], 0, count)
            cost += time.thread_time() - began
            left -= got
    return cost, hits

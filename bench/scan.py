"""The time of whole scans, as shares of the three digests of the same file, and the memory they take.

Both sides are whole processes on a file in the page cache, in turns: ours, theirs, theirs, ours. The first
scan of a file is not timed; its memory is followed instead.
"""

import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import data
from bench.context import Context
from bench.process import Ran, remark, run, scan_command
from bench.rows import MIB, Row

PE_BAR, BAR = 0.85, 1.2
MEMORY_BAR = 96
ANCHORS = 1000


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    files = context.data
    pe = files.pe()
    many = (sys.executable, "-m", "bench.many_anchors", str(pe), str(ANCHORS))
    yield from measured("1 GB PE", pe, scan_command(pe), PE_BAR, context.rounds)
    yield from measured(f"1 GB PE, {ANCHORS:,} anchors more", pe, many, PE_BAR, context.rounds)
    for subject, path in (
        ("1 GB text", files.text()),
        ("1 GB ZIP", files.archive()),
        ("512 MiB random", files.noise()),
        ("20 GB image", files.image()),
    ):
        yield from measured(subject, path, scan_command(path), BAR, context.rounds)


def measured(subject: str, path: Path, command: Sequence[str], bar: float, rounds: int) -> Iterator[Row]:
    """Time and memory of `command` on a file."""
    theirs = (sys.executable, "-m", "bench.digests", str(path))
    data.read_through(path)
    first = run(command, sample=True)
    ours, digests = in_turns(command, theirs, rounds)
    took, plain = (statistics.median(ran.seconds for ran in side) for side in (ours, digests))
    size = path.stat().st_size
    spread = ", ".join(f"{one.seconds / other.seconds:.2f}" for one, other in zip(ours, digests, strict=True))
    cpu = statistics.median(ran.cpu for ran in ours)
    note = f"{took:.2f} s (CPU {cpu:.2f} s) to {plain:.2f} s; by round {spread}"
    wrong = next(filter(None, map(remark, (first, *ours, *digests))), "")
    yield Row(
        f"scan / three digests, {subject}",
        round(took / plain, 3),
        bar=bar,
        note="; ".join(filter(None, (note, wrong))),
        subject=subject,
        size=size,
        seconds=round(took, 2),
        failed=bool(wrong),
    )
    peak = round(first.peak / MIB, 1)
    yield Row(
        f"peak of the tree, {subject}",
        peak,
        "MiB",
        MEMORY_BAR,
        note=wrong,
        subject=subject,
        size=size,
        failed=bool(wrong),
    )


def in_turns(ours: Sequence[str], theirs: Sequence[str], rounds: int) -> tuple[list[Ran], list[Ran]]:
    """Both sides, each of them first in every other round."""
    results: tuple[list[Ran], list[Ran]] = ([], [])
    for turn in range(rounds):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            results[side].append(run((ours, theirs)[side]))
    return results

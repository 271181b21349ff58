"""The peak memory of the whole process tree over files from 1 KB to 100 GB, beside the usual way on the same
files."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.context import Context
from bench.data import GB, MB
from bench.process import Ran, remark, run, scan_command
from bench.rows import MIB, Row

BAR = 96
SMALL, LARGE = "100 MB sparse", "100 GB sparse"  # with the same bytes at both ends
FLAT = 1.05
FIRST_START = (0, 10_000)  # anchors beside the installed ones
ROOM = 4 << 30  # bytes of address space that the usual way gets
PATIENCE = 120  # seconds that it gets


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    files = context.data
    peaks: dict[str, int] = {}
    subjects: list[tuple[str, Path]] = [
        ("1 KB", files.small()),
        ("100 MB", files.medium()),
        ("1 GB PE", files.pe()),
        (SMALL, files.sparse(100 * MB)),
        ("10 GB sparse", files.sparse(10 * GB)),
    ]
    if context.largest:
        subjects.append((LARGE, files.sparse(100 * GB)))
    for subject, path in subjects:
        before = run((sys.executable, "-m", "bench.naive", str(path), str(ROOM)), sample=True, timeout=PATIENCE)
        after = run(scan_command(path), sample=True)
        peaks[subject] = after.peak
        yield from pair(subject, path.stat().st_size, before, after)
    if not context.largest:
        yield Row(f"peak of the tree, {LARGE}", None, "MiB", BAR, note="left out by --no-100gb")
        yield Row(f"peak, {LARGE} / {SMALL}", None, bar=FLAT, note="left out by --no-100gb")
    else:
        yield Row(f"peak, {LARGE} / {SMALL}", round(peaks[LARGE] / peaks[SMALL], 3), bar=FLAT)
    yield from first_starts(files.small())


def pair(subject: str, size: int, before: Ran, after: Ran) -> Iterator[Row]:
    """What one file costs the usual way and this one."""
    seconds = round(after.seconds, 2)
    peak = round(after.peak / MIB, 1)
    yield Row(
        f"peak of the tree, {subject}",
        peak,
        "MiB",
        BAR,
        note=remark(after),
        failed=after.code != 0,
        subject=subject,
        size=size,
        seconds=seconds,
    )
    yield Row(
        f"the usual way, {subject}",
        round(before.peak / MIB, 1),
        "MiB",
        note=fate(before),
        subject=subject,
        size=size,
        seconds=round(before.seconds, 2),
    )


def fate(ran: Ran) -> str:
    """How the usual way ended; empty where it came through."""
    if ran.timed_out:
        return f"killed after {PATIENCE} s"
    if ran.code == 3:
        return f"out of memory at {ROOM >> 30} GiB"
    return remark(ran)


def first_starts(path: Path) -> Iterator[Row]:
    """The first start on a machine, which compiles the patterns in a child."""
    for count in FIRST_START:
        command = (sys.executable, "-m", "bench.many_anchors", str(path), str(count))
        with tempfile.TemporaryDirectory(prefix="rorqual-bench-") as cache:
            ran = run(command if count else scan_command(path), sample=True, extra={"XDG_CACHE_HOME": cache})
            cached = sum(1 for entry in Path(cache).rglob("*") if entry.is_file())
        note = "; ".join(filter(None, (remark(ran), "" if cached else "nothing was compiled")))
        what = f"first start, empty cache, {f'{count:,} anchors more' if count else 'installed anchors'}"
        yield Row(
            what,
            round(ran.peak / MIB, 1),
            "MiB",
            BAR,
            note=note,
            seconds=round(ran.seconds, 2),
            failed=bool(note),
        )

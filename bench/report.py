"""Writes docs/memory.md from the kept results, and from nothing else.

python -m bench.report
"""

from collections.abc import Iterator
from pathlib import Path

from bench import results
from bench.results import Kept
from bench.rows import Row, amount

PAGE = Path(__file__).resolve().parents[1] / "docs" / "memory.md"

HEAD = """\
# Memory and time

<!-- Written by `make bench` from bench/results.json. Do not edit. -->

## The problem

A file larger than memory cannot be read whole, and the usual way to look at a file does just that: read it,
hash it, search it, hand it to a parser that builds everything at once. Rorqual reads each file once, window
by window. What it holds is a budget, 96 MiB for the whole process tree, interpreter and libraries counted,
and not a function of the file: a kilobyte and a hundred gigabytes take the same path through the same code.

## The method

Scans are whole processes, as a user starts them (`rorqual scan FILE --json`). Memory is the most that the
resident sets of all processes of the tree together came to, sampled every 20 ms, or the kernel's own
high-water mark of the main process where that is more; pages shared by two processes count twice. Times are
of files in the page cache as far as they fit, both sides of a ratio in turns in one run, the median of at
least three; absolute times are of the machine named below each table, and the ratios are what to compare.

*Before* is the usual way on the same files: one Python program that reads the file whole, hashes it with MD5,
SHA-1 and SHA-256, searches ten signatures with `re`, and parses a PE with pefile. It is held to 4 GiB of
address space and 120 seconds.
"""

DIGESTS = """\
The measure of time is that of MD5, SHA-1 and SHA-256 over the same file by `hashlib`: one read, each 8 MiB
block fed to the three, in one thread. That is what any tool that names a file must pay; a scan is all of that
and everything else, on the cores that there are.
"""

LIMITS = """\
## Limits

- The floor of a scan's time is MD5, which no second core can share: its chain runs from the first byte to the
  last.
- What the tables call sparse costs time as any other file does: holes are read, hashed and searched as the
  zeros that they are.
- The bars hold for the analyzers that are installed and their plan's limits; rules that a user brings add
  their compiled size.
- On the first start, and whenever patterns change, they are compiled in a child process and cached. The
  compiler's memory grows with the patterns and counts in the tree; the rows of the first start say how much.
- Files on a slow disk are read at the disk's rate. Nothing here measures that.
- Resident sets count library pages that other processes of the machine share.
"""


def write() -> None:
    """Writes the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(page(results.load())))


def page(kept: Kept) -> Iterator[str]:
    """The lines of the page."""
    yield HEAD
    if "memory" in kept:
        yield from _memory(kept)
    if "scan" in kept:
        yield from ("## Time", "", DIGESTS)
        yield from _table(kept, "scan")
    for bench, title in (
        ("matching", "## Patterns"),
        ("startup", "## Start"),
        ("ordinary", "## Ordinary files"),
        ("reader", "## `ChunkedFileReader`"),
    ):
        if bench in kept:
            yield from (title, "")
            yield from _table(kept, bench)
    yield LIMITS


def _memory(kept: Kept) -> Iterator[str]:
    rows = results.rows_of(kept, "memory")
    before = {row.subject: row for row in rows if row.subject and row.bar is None}
    after = {row.subject: row for row in rows if row.subject and row.bar is not None}
    yield from ("## Memory", "")
    yield "| file | bytes | peak before | peak after | time before | time after |"
    yield "|---|--:|--:|--:|--:|--:|"
    for subject, ours in after.items():
        theirs = before.get(subject)
        usual = ("", "") if theirs is None else (amount(theirs.measured, "MiB"), _time(theirs))
        cells = (subject, f"{ours.size:,}", usual[0], amount(ours.measured, "MiB"), usual[1], _time(ours))
        yield f"| {' | '.join(cells)} |"
    yield from ("", f"{results.machine_of(kept, 'memory')}. The times of this table are of one run each.", "")
    yield from _lines([row for row in rows if row.bar is not None])
    yield ""


def _time(row: Row) -> str:
    return "; ".join(filter(None, (amount(row.seconds, "s"), row.note)))


def _table(kept: Kept, bench: str) -> Iterator[str]:
    yield from _lines(results.rows_of(kept, bench))
    yield from ("", f"{results.machine_of(kept, bench)}.", "")


def _lines(rows: list[Row]) -> Iterator[str]:
    yield "| what | measured | bar | kept | |"
    yield "|---|--:|--:|---|---|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row.cells())} |"


if __name__ == "__main__":
    write()

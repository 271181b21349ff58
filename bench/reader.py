"""The bars of `ChunkedFileReader`, as ratios of its time to that of the plain way to do the same.

The two of a pair run in turns on page-cached files; the ratio is the median of those of neighbours.

The bars hold against the bare `readinto` loop as people write it, into a `bytearray`, and against the same loop into
a page-aligned buffer, which can be several times faster. A `for` loop over plain chunks holds one while the next is
read, and so takes two chunks of cache where the bare loop takes one; with each chunk dropped it does not.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rorqual.sources.chunked_file_reader import (
    DEFAULT_CHUNK_SIZE,
    ChunkedFileReader,
    LargeReadWarning,
    aligned_buffer,
)

MB = 1_000_000
SIZES = {"1 MB": MB, "10 MB": 10 * MB, "100 MB": 100 * MB, "150 MB": 150 * MB, "1 GB": 1000 * MB}


@dataclass(frozen=True)
class Row:
    """`ratio` of the reader's time to the plain way's; where there is a bar, at most that after rounding to 1 %."""

    what: str
    ratio: float
    bar: float | None
    ok: bool


def ratio(ours: Callable[[], object], plain: Callable[[], object], *, rounds: int) -> float:
    """Median over `rounds` of the time of `ours` over that of `plain` beside it; the first is not counted."""
    ratios = []
    for turn in range(rounds + 1):
        seconds = {}
        for run in (ours, plain) if turn % 2 else (plain, ours):
            start = time.perf_counter()
            run()
            seconds[run] = time.perf_counter() - start
        if turn:
            ratios.append(seconds[ours] / seconds[plain])
    return statistics.median(ratios)


def bare_loop(path: Path) -> None:
    _read_into(path, bytearray(DEFAULT_CHUNK_SIZE))


def aligned_loop(path: Path) -> None:
    _read_into(path, aligned_buffer(DEFAULT_CHUNK_SIZE))


def _read_into(path: Path, buffer: bytearray | memoryview) -> None:
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def chunks_into(path: Path) -> None:
    with ChunkedFileReader(path) as reader:
        for _ in reader.read_chunks_into():
            pass


def chunks_dropped(path: Path) -> None:
    with ChunkedFileReader(path) as reader:
        sum(map(len, reader.read_chunks()))


def chunks_in_a_loop(path: Path) -> None:
    with ChunkedFileReader(path) as reader:
        for _ in reader.read_chunks():
            pass


def summed_by_chunks(path: Path) -> int:
    with ChunkedFileReader(path) as reader:
        return sum(map(sum, reader.read_chunks()))


def summed_at_once(path: Path) -> int:
    with path.open("rb") as file:
        return sum(map(sum, [file.read()]))


def counted_by_chunks(path: Path) -> int:
    with ChunkedFileReader(path) as reader:
        return sum(map(len, reader.read_chunks()))


def counted_at_once(path: Path) -> int:
    with path.open("rb") as file:
        return len(file.read())


def whole(path: Path) -> bytes:
    with ChunkedFileReader(path) as reader:
        return reader.read_all()


def whole_plain(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read()


def rows(folder: Path) -> list[Row]:
    """Measure every bar on files made in `folder`."""
    files = {label: make_file(folder / f"{size}.bin", size) for label, size in SIZES.items()}
    table: list[Row] = []

    def add(
        what: str, label: str, ours: Callable[[Path], object], plain: Callable[[Path], object], bar: float | None
    ) -> None:
        path = files[label]
        rounds = max(11, min(200, 600 * MB // SIZES[label]))
        measured = round(ratio(lambda: ours(path), lambda: plain(path), rounds=rounds), 2)
        table.append(Row(f"{what}, {label}", measured, bar, bar is None or measured <= bar))

    for label in ("150 MB", "1 GB"):
        add("read_chunks_into / bare readinto loop", label, chunks_into, bare_loop, 1.03)
        add("read_chunks / bare readinto loop", label, chunks_in_a_loop, bare_loop, 1.10)
        add("read_chunks_into / aligned readinto loop", label, chunks_into, aligned_loop, 1.03)
        add("read_chunks, each dropped / aligned readinto loop", label, chunks_dropped, aligned_loop, 1.10)
        add("read_chunks / aligned readinto loop", label, chunks_in_a_loop, aligned_loop, 1.10)
    for label in ("1 MB", "10 MB", "100 MB"):
        add("sum of bytes by chunks / open().read()", label, summed_by_chunks, summed_at_once, 1.00)
        add("count of bytes by chunks / open().read()", label, counted_by_chunks, counted_at_once, 1.00)
        add("read_all / open().read()", label, whole, whole_plain, 1.03)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LargeReadWarning)
        add("read_all / open().read()", "150 MB", whole, whole_plain, 1.03)
    return table


def make_file(path: Path, size: int) -> Path:
    """Write `size` bytes: code and data of this interpreter, and random bytes, on disk before it returns."""
    block = Path(sys.executable).resolve().read_bytes()[: 4 * MB] + random.Random(0).randbytes(4 * MB)
    with path.open("wb") as file:
        for left in range(size, 0, -len(block)):
            file.write(block[:left])
        file.flush()
        os.fsync(file.fileno())
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print the rows as a JSON list")
    parser.add_argument(
        "--dir",
        default="/var/tmp" if os.path.isdir("/var/tmp") else None,
        help="where to put 1.3 GB of files for the time of the run; on a disk",
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rorqual-bench-", dir=arguments.dir) as folder:
        table = rows(Path(folder))
    if arguments.json:
        print(json.dumps([asdict(row) for row in table], indent=2))
    else:
        print("what | ratio | bar | ok")
        for row in table:
            print(f"{row.what} | {row.ratio:.2f} | {'' if row.bar is None else row.bar} | {'yes' if row.ok else 'NO'}")
    return 0 if all(row.ok for row in table) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The kernels against their oracles and against SHA-256, in GB per CPU second of one thread.

    python -m bench.kernels FILE

The file is read in pieces spread over all of it, held in memory; each kernel runs over all pieces in turn
with the others, and the median of the rounds counts.
"""

import argparse
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from rorqual import kernels, oracles
from rorqual.histogram import measures

WINDOW = 8 << 20
ORACLE = 1 << 18  # what a slow oracle gets of each window
ROUNDS = 5


def samples(path: Path, windows: int) -> list[bytes]:
    """Windows of the file at equal distances."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return [os.pread(file.fileno(), WINDOW, size * index // windows) for index in range(windows)]


def rates(jobs: dict[str, Callable[[], int]]) -> dict[str, float]:
    """GB per CPU second of each job, which returns the bytes it went over; the jobs take turns."""
    measured: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            start = time.thread_time()
            size = job()
            measured[name].append(size / max(time.thread_time() - start, 1e-9) / 1e9)
    return {name: statistics.median(each) for name, each in measured.items()}


def over(call: Callable[[bytes], object], pieces: Iterable[bytes]) -> Callable[[], int]:
    """A job: `call` on each piece."""
    held = list(pieces)

    def job() -> int:
        for piece in held:
            call(piece)
        return sum(map(len, held))

    return job


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--windows", type=int, default=12, help="8 MiB each, spread over the file")
    options = parser.parse_args(arguments)
    windows = samples(options.file, options.windows)
    zeros = [bytes(WINDOW)] * 4
    short = [window[:ORACLE] for window in windows]
    if not kernels.NATIVE:
        print("rorqual._kernels is not built: the kernels are their oracles", file=sys.stderr)
    jobs = {"SHA-256 of hashlib": over(lambda piece: hashlib.sha256(piece).digest(), windows)}
    for width in (8 << 10, 64 << 10, 1 << 20):
        jobs[f"histograms, {width >> 10} KiB"] = over(partial(kernels.histograms, lead=0, width=width), windows)
    jobs |= {
        "histograms, 1 MiB, zeros": over(lambda piece: kernels.histograms(piece, 0, 1 << 20), zeros),
        "histograms, oracle": over(lambda piece: oracles.histograms(piece, 0, 64 << 10), short),
        "periodic runs": over(lambda piece: kernels.periodic_runs(piece, 4096, 64), windows),
        "periodic runs, zeros": over(lambda piece: kernels.periodic_runs(piece, 4096, 64), zeros),
        "periodic runs, oracle": over(lambda piece: oracles.periodic_runs(piece, 4096, 64), windows),
    }
    found = rates(jobs)
    digest = found["SHA-256 of hashlib"]
    print(f"{'':28}{'GB/CPU-s':>10}{'× SHA-256':>12}")
    for name, rate in found.items():
        print(f"{name:28}{rate:10.2f}{rate / digest:12.2f}")
    bins = [kernels.histogram(window[: 8 << 10]) for window in windows] * (1024 // len(windows) + 1)
    start = time.thread_time()
    list(measures(bins[:1024]))
    print(f"{'measures of 1,024 bins':28}{(time.thread_time() - start) * 1000:10.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""One loop over MD5, SHA-1 and SHA-256 against hashlib's three, one after the other, over the 1 GB PE.

Beside the three stand as many with another SHA-256 of the same bytes, as a scan makes it of sections.

    python -m bench.fused [--data DIR] [--rounds N]

Processor time of one thread, all sides in turns over the same 8 MiB windows, reading not counted. What each digest
costs alone stands beside it: nothing that has MD5 in it can be faster than MD5.
"""

import argparse
import hashlib
import mmap
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import data
from bench.context import Context
from bench.rows import Row, lines
from rorqual import kernels
from rorqual.digests import CHAINS, BlockDigest, advance

WINDOW = 8 << 20
BAR = 0.62  # 1.75 s a GB where MD5 takes 1.55, SHA-1 0.61 and SHA-256 0.67
ANOTHER_BAR = 1.1
NAMES = tuple(CHAINS)

Feed = Callable[[memoryview], object]


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    path = context.data.pe()
    data.read_through(path)
    what = "fused kernel / three digests of hashlib, CPU"
    if not kernels.FUSED:
        yield Row(what, None, note="no kernel here")
        return
    sides = {"fused": _fused(NAMES), "all three": _plain(NAMES)}
    sides |= {name: _plain((name,)) for name in NAMES} | {"fused MD5": _fused(("md5",))}
    sides["fused and another SHA-256"] = _fused((*NAMES, "sha256"))
    taken = _in_turns(path, sides, context.rounds)
    apart = ", ".join(f"{name} {taken[name]:.2f}" for name in (*NAMES, "fused MD5"))
    note = f"{taken['fused']:.2f} s to {taken['all three']:.2f} s a GB; alone {apart}"
    yield Row(what, round(taken["fused"] / taken["all three"], 3), bar=BAR, note=note)
    yield Row("fused kernel / MD5 of hashlib, CPU", round(taken["fused"] / taken["md5"], 3))
    both = taken["fused and another SHA-256"]
    yield Row("fused kernel, another SHA-256 / fused kernel, CPU", round(both / taken["fused"], 3), bar=ANOTHER_BAR)


def _fused(names: tuple[str, ...]) -> Feed:
    digests = [BlockDigest(name) for name in names]
    return lambda window: advance([(digest, window) for digest in digests])


def _plain(names: tuple[str, ...]) -> Feed:
    hashers = [hashlib.new(name, usedforsecurity=False) for name in names]

    def feed(window: memoryview) -> None:
        for hasher in hashers:
            hasher.update(window)

    return feed


def _in_turns(path: Path, sides: dict[str, Feed], rounds: int) -> dict[str, float]:
    """Median processor seconds a GB of each side over a file; all are through with a window before the next."""
    samples: dict[str, list[float]] = {name: [] for name in sides}
    room = memoryview(mmap.mmap(-1, WINDOW))
    for turn in range(rounds + 1):
        spent = dict.fromkeys(sides, 0.0)
        size = 0
        with path.open("rb", buffering=0) as file:
            while got := file.readinto(room):
                window = room[:got]
                size += len(window)
                for name in list(sides) if size // WINDOW % 2 else reversed(sides):
                    spent[name] += _took(partial(sides[name], window))
        if turn:  # the first round warms up
            for name, seconds in spent.items():
                samples[name].append(seconds / size * 1e9)
    return {name: statistics.median(each) for name, each in samples.items()}


def _took(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return time.thread_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fused", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=data.FOLDER, help="where the 1 GB PE is; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="of each side; default: %(default)s")
    arguments = parser.parse_args()
    found = list(rows(Context(data.Data(arguments.data), arguments.rounds)))
    print("\n".join(lines(found)))
    return int(any(row.ok is False for row in found))


if __name__ == "__main__":
    sys.exit(main())

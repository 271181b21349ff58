"""What each installed anchor adds to the cost of matching, dearest first.

    python -m bench.anchors [--data DIR] [--rounds N]

Each is matched beside the same random literals over parts of the 1 GB PE, in turns with those alone. Nearly all add
nothing. Dear are anchors without a rare literal: with classes wherever a byte would tell ("[\\x84\\xc1].\\x03"), or
whose longest literal is common (three zeros, of which an executable is full: "[\\x00\\x01]" for one of them breaks it
up). A literal of four telling bytes costs nothing; who has none can match less and look closer in `score`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from array import array
from pathlib import Path

from bench import data
from bench.many_anchors import random_anchors
from rorqual.engine import database
from rorqual.engine.matcher import HyperscanMatcher
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan, installed
from rorqual.sdk import Anchor

BAR = 0.1  # of what the literals cost alone
BESIDE = 150  # literals: with few, the matcher takes another way
PARTS, PART = 8, 4 << 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.anchors", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=data.FOLDER, help="where the 1 GB PE is; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="of each anchor; default: %(default)s")
    arguments = parser.parse_args()
    parts = _parts(data.Data(arguments.data).pe())
    plan = Plan.of(installed())
    beside = random_anchors(BESIDE)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache  # the user's own keeps what it has
        alone = _matcher(beside)
        told = []
        for probe, anchor in plan.anchors:
            more = _added(_matcher((*beside, anchor)), alone, parts, arguments.rounds)
            told.append((more, plan.probes[probe].name, anchor.regex.decode("latin-1")))
    for more, name, regex in sorted(told, reverse=True):
        print(f"{'NO ' if more > BAR else 'yes'} {100 * more:6.0f} %  {name:20} {regex}")
    return int(any(more > BAR for more, _, _ in told))


def _parts(path: Path) -> list[memoryview]:
    """Parts of a file at equal distances."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return [memoryview(os.pread(file.fileno(), PART, size * index // PARTS)) for index in range(PARTS)]


def _matcher(anchors: tuple[Anchor, ...]) -> HyperscanMatcher:
    return HyperscanMatcher(database.load(Patterns([(0, anchor) for anchor in anchors])))


def _added(one: HyperscanMatcher, alone: HyperscanMatcher, parts: list[memoryview], rounds: int) -> float:
    """The median of what `one` takes beyond `alone`, as a share of that."""
    return statistics.median(_took(one, parts) / _took(alone, parts) - 1 for _ in range(rounds))


def _took(matcher: HyperscanMatcher, parts: list[memoryview]) -> float:
    began = time.thread_time()
    for part in parts:
        matcher.match(part, 0, _drop)
    return time.thread_time() - began


def _drop(hits: "array[int]") -> None:
    """Hits cost what they cost; nobody looks at them."""


if __name__ == "__main__":
    sys.exit(main())

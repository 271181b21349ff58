"""A scan with more anchors than are installed: what a full set of analyzers will bring.

    python -m bench.many_anchors FILE COUNT

Beside all installed analyzers runs a probe of COUNT random anchors of 4 to 16 bytes, the same in every run.
The report goes to standard output, as from `rorqual scan FILE --json`.
"""

import random
import sys
from collections.abc import Iterator

import rorqual
from rorqual.engine.plan import installed
from rorqual.sdk import Anchor, Hit, Said, View

SEED = 2


class ManyAnchors:
    """Wakes on random bytes and finds nothing."""

    name = "bench-many-anchors"
    version = 1

    def __init__(self, count: int) -> None:
        self.wakes_on = random_anchors(count)

    def score(self, view: View, /) -> int:
        return 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield from ()


def random_anchors(count: int) -> tuple[Anchor, ...]:
    """The first `count` of one endless list of anchors."""
    draw = random.Random(SEED)
    return tuple(
        Anchor(b"".join(b"\\x%02x" % byte for byte in draw.randbytes(draw.randint(4, 16)))) for _ in range(count)
    )


def main(path: str, count: str) -> int:
    report = rorqual.scan(path, analyzers=(*installed(), ManyAnchors(int(count))))
    report.write_json(sys.stdout)
    return 0 if report.complete else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Files placed at random in a large image of real data: which are found, with exact extent, and taken out as they were.

    python -m bench.embedded FILES BASE ... --work DIR [--size GIB] [--count N] [--peers]

FILES is a folder of ordinary files; of each kind whose files Rorqual claims whole when they are alone, some are placed.
BASE are files of real data, repeated until the image has its size. What is claimed elsewhere is counted by format:
each is either there in the data, or a false claim, and `--list` says where to look.
"""

import argparse
import hashlib
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import rorqual
from bench.process import run, scan_command
from rorqual.findings.bodies import Claim
from rorqual.findings.report import Report

GIB = 1 << 30
STEP = 8 << 20
LARGEST = 1 << 20  # bytes of a placed file
A_KIND = 60  # files tried of each kind


class Placed(NamedTuple):
    """A file and where it is."""

    path: Path
    kind: str  # the format it is claimed as
    offset: int
    size: int
    sha256: str


def whole(path: Path) -> str | None:
    """The format that claims all of a file."""
    with rorqual.scan(path) as report:
        for finding in report.findings("claim"):
            if not finding.place and finding.offset == 0 and finding.size == report.source.size:
                assert isinstance(finding.body, Claim)
                return finding.body.format
    return None


def candidates(folder: Path) -> dict[str, list[Path]]:
    """Files by the format that claims all of each."""
    kinds: dict[str, list[Path]] = defaultdict(list)
    by_suffix: Counter[str] = Counter()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and 64 <= path.stat().st_size <= LARGEST and by_suffix[path.suffix] < A_KIND:
            by_suffix[path.suffix] += 1
            if (kind := whole(path)) is not None:
                kinds[kind].append(path)
    return kinds


def build(image: Path, size: int, bases: list[Path], kinds: dict[str, list[Path]], count: int) -> list[Placed]:
    """Writes the image, with `count` files at random places that do not touch."""
    dice = random.Random(7)
    with image.open("wb") as out:
        while out.tell() < size:
            for base in bases:
                with base.open("rb") as file:
                    while out.tell() < size and (data := file.read(min(STEP, size - out.tell()))):
                        out.write(data)
    placed: list[Placed] = []
    slot = size // count
    names = sorted(kinds)
    with image.open("r+b") as out:
        for number in range(count):
            kind = names[number % len(names)]
            path = dice.choice(kinds[kind])
            data = path.read_bytes()
            offset = number * slot + dice.randrange(max(1, slot - len(data)))
            out.seek(offset)
            out.write(data)
            placed.append(Placed(path, kind, offset, len(data), hashlib.sha256(data).hexdigest()))
    return placed


def claims(report: Report) -> Iterator[tuple[int, int, str]]:
    """(offset, size, format) of each claim in the image itself."""
    for finding in report.findings("claim"):
        if not finding.place and isinstance(finding.body, Claim):
            yield finding.offset, finding.size, finding.body.format


def main() -> None:
    parser = argparse.ArgumentParser(description="Finds files placed in an image.")
    parser.add_argument("files", type=Path)
    parser.add_argument("bases", type=Path, nargs="+")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--size", type=float, default=4.0, help="GiB")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--list", action="store_true", help="every miss, and every claim elsewhere")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    kinds = candidates(options.files)
    print(f"{len(kinds)} kinds: {', '.join(f'{kind} {len(paths)}' for kind, paths in sorted(kinds.items()))}")
    image = options.work / "embedded.img"
    placed = build(image, int(options.size * GIB), options.bases, kinds, options.count)
    clock = time.perf_counter()
    with rorqual.scan(image) as report:
        seconds = time.perf_counter() - clock
        found = list(claims(report))
        taken = {digest.value for child in report.children for digest in child.digests if digest.algorithm == "sha256"}
        complete = report.complete
    exact = {(offset, size) for offset, size, _ in found}
    missed = [one for one in placed if (one.offset, one.size) not in exact]
    lost = [one for one in placed if one.sha256 not in taken]
    print(
        f"placed {len(placed)}, extent exact {len(placed) - len(missed)}, taken out as it was {len(placed) - len(lost)}"
    )
    print("missed by kind:", dict(Counter(one.kind for one in missed)))
    inside = sorted((one.offset, one.offset + one.size) for one in placed)
    elsewhere = [one for one in found if not _within(one, inside)]
    print(f"claimed elsewhere: {len(elsewhere)}, by format {dict(Counter(name for _, _, name in elsewhere))}")
    print(f"{seconds:.1f} s in this process; complete: {complete}")
    ran = run(scan_command(image), sample=True)
    digests = run((sys.executable, "-m", "bench.digests", str(image)))
    print(f"whole process {ran.seconds:.1f} s, three digests {digests.seconds:.1f} s, peak {ran.peak >> 20} MiB")
    if options.list:
        for one in missed:
            near = [claim for claim in found if abs(claim[0] - one.offset) < 64]
            print("missed", one.kind, hex(one.offset), one.size, one.path, near[:3])
        for claim in elsewhere:
            print("elsewhere", hex(claim[0]), claim[1], claim[2])


def _within(claim: tuple[int, int, str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= claim[0] and claim[0] + claim[1] <= end for start, end in spans)


if __name__ == "__main__":
    main()

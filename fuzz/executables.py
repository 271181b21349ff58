"""Mutated executables through the probes for PE, ELF and Mach-O: no fault of ours, no hang, fuel respected.

    python -m fuzz.executables [--count N] [--jobs N] [--seed N] [--also DIR]

The seeds are the corpus' executables and, with --also, the small ones of a folder of real files. Each mutant is
scanned with the probes of these formats alone. What is found is kept in fuzz/build.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rorqual
from fuzz.mutants import mutate
from rorqual.engine.plan import installed
from rorqual.findings.ledger import Reason
from rorqual.sdk import Analyzer
from tests.cases import cases

FORMATS = ("pe", "elf", "macho")
SMALL = 48 << 10  # bytes of a seed
MOST = 120  # seeds of the folder
SLOWEST = 10.0  # CPU seconds for one mutant
KEPT = 256 << 10  # bytes of a mutant
SHARE = 250  # mutants in one job's turn


def analyzers() -> tuple[Analyzer, ...]:
    """The probes of the three formats."""
    return tuple(one for one in installed() if one.name.partition("-")[0] in FORMATS)


def seeds(folder: Path | None) -> list[bytes]:
    """Small executables, real ones too where there is a folder."""
    found = [case.data() for case in cases() if case.analyzer.partition("-")[0] in FORMATS]
    if folder is not None:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size <= SMALL]
        found += [path.read_bytes() for path in paths[:: max(1, len(paths) // MOST)]]
    return [data for data in found if 0 < len(data) <= SMALL]


def turn(task: tuple[int, int, list[bytes]]) -> tuple[int, int, float, list[tuple[str, bytes]]]:
    """(mutants, of which ran out of fuel, slowest, troubles) of one turn."""
    seed, count, inputs = task
    chance, chosen = random.Random(seed), analyzers()
    dry, slowest, troubles = 0, 0.0, []
    for _ in range(count):
        mutant = mutate(chance.choice(inputs), inputs, chance)[:KEPT]
        clock = time.process_time()
        report = rorqual.scan(mutant, analyzers=chosen, workers=1)
        took = time.process_time() - clock
        slowest = max(slowest, took)
        dry += any(True for _ in report.findings("limit_reached"))
        ours = [fault for fault in report.faults if fault.reason is Reason.FAULT]
        if ours:
            troubles.append((f"fault: {ours[0]}", mutant))
        elif took > SLOWEST:
            troubles.append((f"took {took:.1f} s of CPU", mutant))
    return count, dry, slowest, troubles


def tasks(count: int, seed: int, inputs: list[bytes]) -> Iterator[tuple[int, int, list[bytes]]]:
    """Turns that come to `count` mutants."""
    for number in range(0, count, SHARE):
        yield seed * 1_000_003 + number, min(SHARE, count - number), inputs


def main() -> int:
    """Prints what came of it; 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.executables", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200_000, help="mutants; default: %(default)s")
    parser.add_argument("--jobs", type=int, default=2, help="processes; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="another one, other mutants; default: %(default)s")
    parser.add_argument("--also", type=Path, metavar="DIR", help="real executables as further seeds")
    arguments = parser.parse_args()
    build = Path("fuzz/build")
    build.mkdir(parents=True, exist_ok=True)
    inputs = seeds(arguments.also)
    print(f"{len(inputs)} seeds", flush=True)
    made = dry = 0
    slowest = 0.0
    kinds: Counter[str] = Counter()
    with multiprocessing.Pool(arguments.jobs) as pool:
        for count, out, longest, troubles in pool.imap_unordered(turn, tasks(arguments.count, arguments.seed, inputs)):
            made, dry, slowest = made + count, dry + out, max(slowest, longest)
            for what, mutant in troubles:
                kinds[what] += 1
                if kinds[what] == 1:
                    path = build / f"executable-{arguments.seed}-{len(kinds)}"
                    path.write_bytes(mutant)
                    print(f"{path}: {what}", flush=True)
    print(f"{made} mutants, {kinds.total()} troubles, {dry} reached a limit, the slowest took {slowest:.2f} s of CPU")
    return 1 if kinds or not made else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the benches and says which bars are kept.

    python -m bench [NAME...] [--data DIR] [--write]

Without names all run, which takes an hour on two cores and 10 GB of disk. Exits with 1 if a bar is missed.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import bars_of_reader, data, executables, matching, memory, ordinary, report, results, rows, scan, startup
from bench.context import Context
from bench.rows import Row

BENCHES: dict[str, Callable[[Context], Iterator[Row]]] = {
    "startup": startup.rows,
    "reader": bars_of_reader.rows,
    "matching": matching.rows,
    "scan": scan.rows,
    "executables": executables.rows,
    "memory": memory.rows,
    "ordinary": ordinary.rows,
}
BUSY = 0.5  # load average


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all")
    parser.add_argument(
        "--data", type=Path, default=data.FOLDER, help="where the measured files are; default: %(default)s"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of each side of a ratio; default: %(default)s")
    parser.add_argument("--ordinary", type=Path, metavar="DIR", help="a folder of ordinary files")
    parser.add_argument("--executables", type=Path, metavar="DIR", help="a folder of executables")
    parser.add_argument("--no-100gb", action="store_true", help="leave out the file of 100 GB, which takes minutes")
    parser.add_argument("--write", action="store_true", help="keep the results and write docs/memory.md from them")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHES):
        parser.error(f"{min(unknown)}: not one of {', '.join(BENCHES)}")
    if arguments.rounds < 1:
        parser.error(f"--rounds: {arguments.rounds} is not positive")
    files = data.Data(arguments.data)
    cache = arguments.data.resolve() / "cache"
    cache.mkdir(exist_ok=True)
    os.environ["XDG_CACHE_HOME"] = str(cache)  # the user's own keeps what it has
    context = Context(files, arguments.rounds, not arguments.no_100gb, arguments.ordinary, arguments.executables)
    if (load := os.getloadavg()[0]) > BUSY:
        print(f"bench: load average {load:.1f}; ratios of times mean little on a busy machine", file=sys.stderr)
    taken: dict[str, list[Row]] = {}
    for name in arguments.names or BENCHES:
        taken[name] = []
        for row in BENCHES[name](context):
            taken[name].append(row)
            print(f"{name}: {rows.lines([row])[1]}", file=sys.stderr, flush=True)
        if arguments.write:
            results.save({name: taken[name]})
            report.write()
    every = [row for name in taken for row in taken[name]]
    print("\n".join(rows.lines(every)))
    missed = [row.what for row in every if row.ok is False]
    if missed:
        print(f"{len(missed)} of {len(every)} missed: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Compares what Rorqual says of executables with what other parsers say, field by field.

    python -m tests.parity DIR [--jobs 2] [--kind pe] [--sample N]

Every difference is zero or has its reason in reasons.py; the exit code is 1 if one has none.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.parity.page import page
from tests.parity.runner import Outcome, chosen, compare_all

KINDS = ("pe", "elf", "macho")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--kind", action="append", choices=KINDS, help="format; all by default")
    parser.add_argument("--sample", type=int, default=0, help="so many files at most of each format")
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--write", type=Path, help="a file for the page with the counts and reasons")
    options = parser.parse_args()
    started, total = time.monotonic(), Outcome()
    for kind in options.kind or KINDS:
        paths = [path for path in chosen(options.folder, (kind,)) if options.only in str(path)]
        if options.sample and len(paths) > options.sample:
            paths = paths[:: len(paths) // options.sample][: options.sample]
        for number, outcome in enumerate(compare_all(paths, jobs=options.jobs), 1):
            total.add(outcome)
            for path, peer, field, ours, theirs in outcome.unexplained:
                print(f"{path}\n  {peer} {field}\n    ours   {ours}\n    theirs {theirs}", flush=True)
            if sys.stderr.isatty() or number % 100 == 0:
                print(f"{kind}: {number} of {len(paths)}", file=sys.stderr, flush=True)
    tell(total)
    if options.write is not None:
        options.write.write_text(page(total), encoding="utf-8")
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if total.failures or not total.files else 0


def tell(total: Outcome) -> None:
    """The counts."""
    print("\nfiles:", ", ".join(f"{count:,} {kind}" for kind, count in total.files.items()) or "none")
    print(f"comparisons: {total.compared.total():,}")
    for (kind, peer, topic), count in sorted(total.compared.items()):
        print(f"  {count:>11,} {kind} {peer} {topic}")
    print(f"differences explained: {total.explained.total():,}")
    for (peer, text), count in sorted(total.explained.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"  {count:>11,} {peer}: {text}")
    print(f"parts not compared: {total.skipped.total():,}")
    for text, count in sorted(total.skipped.items()):
        print(f"  {count:>11,} {text}")
    print(f"differences unexplained: {total.failures:,}")
    for (peer, field), count in total.kinds.most_common():
        print(f"  {count:>11,} {peer} {field}")


if __name__ == "__main__":
    sys.exit(main())

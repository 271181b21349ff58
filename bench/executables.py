"""Executables in full depth: a large DLL as a whole scan, and small PEs beside LIEF and pefile.

Small files are parsed in this process, each by all three in turns, and timed on the processor's clock: ours is a
scan with the PE probes alone, theirs are LIEF's parse with all it found listed, and pefile's full parse.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import lief
import pefile

import rorqual
from bench.context import Context
from bench.process import scan_command
from bench.rows import Row
from bench.scan import measured
from rorqual.engine.plan import installed
from rorqual.sdk import Analyzer

BAR = 0.95  # of the three digests
LIEF_BAR, PEFILE_BAR = 3.0, 1.0
SMALL = 2_000_000  # bytes
MOST = 400  # files


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    torch = context.data.torch()
    yield from measured("large DLL, full depth", torch, scan_command(torch), BAR, context.rounds)
    yield exports(torch)
    what = "PE depth of a small file"
    if context.executables is None:
        yield Row(f"{what} / LIEF", None, bar=LIEF_BAR, note="--executables names no folder")
        yield Row(f"{what} / pefile", None, bar=PEFILE_BAR, note="--executables names no folder")
        return
    paths = small(context.executables)
    probes = tuple(one for one in installed() if one.name == "pe" or one.name.startswith("pe-"))
    ways: tuple[Callable[[Path], object], ...] = (lambda path: ours(path, probes), with_lief, with_pefile)
    taken = [[cpu(way, path) for way in ways] for path in paths]
    mine, liefs, pefiles = ([line[side] for line in taken] for side in range(3))
    median = 1000 * statistics.median(mine)
    for name, theirs, bar in (("LIEF", liefs, LIEF_BAR), ("pefile", pefiles, PEFILE_BAR)):
        note = f"{median:.1f} ms to {1000 * statistics.median(theirs):.1f} ms a file, {len(paths)} files"
        worst = max(one / other for one, other in zip(mine, theirs, strict=True))
        yield Row(f"{what} / {name}", round(sum(mine) / sum(theirs), 2), bar=bar, note=f"{note}; at most {worst:.1f}×")


def exports(path: Path) -> Row:
    """Whether all exports were found that LIEF finds."""
    report = rorqual.scan(path, name=path.name)
    tables = (one.to_dict()["pe_export_table"] for one in report.findings("pe_export_table"))
    found = {row["name"] for table in tables for row in table["rows"]}  # type: ignore[index,call-overload,union-attr]  # as its schema says
    parsed = lief.PE.parse(str(path))
    table = parsed.get_export() if parsed is not None else None
    assert table is not None
    theirs = {str(entry.name) for entry in table.entries if entry.name}
    share = round(100 * len(found & theirs) / len(theirs), 2)
    return Row("exports of the large DLL found", share, "%", 100.0, at_least=True, note=f"{len(theirs):,} by LIEF")


def small(folder: Path) -> list[Path]:
    """The first small PEs of the folder, in the order of their names."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size <= SMALL)
    chosen: list[Path] = []
    for path in paths:
        with path.open("rb") as file:
            if file.read(2) == b"MZ" and len(chosen) < MOST:
                chosen.append(path)
    return chosen


def cpu(way: Callable[[Path], object], path: Path) -> float:
    """Seconds of this process, the lower of two runs."""
    times = []
    for _ in range(2):
        clock = time.process_time()
        way(path)
        times.append(time.process_time() - clock)
    return min(times)


def ours(path: Path, probes: tuple[Analyzer, ...]) -> int:
    """All that the PE probes find."""
    return sum(1 for _ in rorqual.scan(path, analyzers=probes, workers=1))


def with_lief(path: Path) -> int:
    """Its parse, and all that it parsed listed, as a report must."""
    parsed = lief.PE.parse(str(path))
    if parsed is None:
        return 0
    told = [(one.name, one.virtual_address, one.entropy) for one in parsed.sections]
    listed = len(told) + sum(len(str(entry.name)) for library in parsed.imports for entry in library.entries)
    listed += sum(len(str(entry.name)) for library in parsed.delay_imports for entry in library.entries)
    table = parsed.get_export() if parsed.has_exports else None
    listed += sum(len(str(entry.name)) for entry in table.entries) if table is not None else 0
    listed += sum(1 for block in parsed.relocations for _ in block.entries)
    listed += sum(int(entry.type) for entry in parsed.debug) + len(lief.PE.get_imphash(parsed))
    listed += sum(1 for _ in parsed.exceptions) + len(_leaves(parsed.resources))
    if parsed.has_signatures:
        listed += int(parsed.verify_signature()) + sum(len(list(one.certificates)) for one in parsed.signatures)
    return listed


def _leaves(node: lief.PE.ResourceNode | None) -> list[int]:
    """The sizes of all resources."""
    if node is None:
        return []
    if isinstance(node, lief.PE.ResourceData):
        return [len(node.content)]
    return [size for child in node.childs for size in _leaves(child)]


def with_pefile(path: Path) -> object:
    with pefile.PE(str(path)) as parsed:
        return parsed.dump_dict is not None

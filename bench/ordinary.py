"""Ordinary files: how many come out complete, and how many a second."""

import time
from collections import Counter
from collections.abc import Iterator

import rorqual
from bench.context import Context
from bench.rows import Row

BAR = 99.5  # percent
NAMED = 5  # of what is not complete


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    what = "ordinary files complete"
    if context.ordinary is None:
        yield Row(what, None, "%", BAR, at_least=True, note="--ordinary names no folder")
        return
    paths = sorted(path for path in context.ordinary.rglob("*") if path.is_file() and not path.is_symlink())
    if not paths:
        yield Row(what, None, "%", BAR, at_least=True, note=f"{context.ordinary} holds no file")
        return
    rorqual.scan(paths[0])
    short: list[str] = []
    why: Counter[str] = Counter()
    size = 0
    clock = time.perf_counter()
    for path in paths:
        report = rorqual.scan(path)
        size += report.source.size
        if not report.complete:
            short.append(str(path.relative_to(context.ordinary)))
            why.update({f"{fault.analyzer}: {fault.reason}" for fault in report.faults} or {"the ledger"})
    seconds = time.perf_counter() - clock
    share = round(100 * (1 - len(short) / len(paths)), 2)
    note = f"{len(paths):,} files of {size / 1e6:,.0f} MB"
    if short:
        reasons = ", ".join(f"{text} ({count})" for text, count in why.most_common(NAMED))
        note += f"; not: {', '.join(short[:NAMED])}{' …' if len(short) > NAMED else ''}; by {reasons}"
    yield Row(what, share, "%", BAR, at_least=True, note=note, size=size, seconds=round(seconds, 1))
    yield Row("ordinary files a second, one after another", round(len(paths) / seconds, 1), "files/s")

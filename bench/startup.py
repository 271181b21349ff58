"""Processor time of the smallest runs: whole processes, all their children counted."""

import statistics
from collections.abc import Iterator

from bench.context import Context
from bench.process import RORQUAL, remark, run, scan_command
from bench.rows import Row

TIMES = 10
VERSION_BAR, SMALL_BAR = 0.1, 0.30


def rows(context: Context) -> Iterator[Row]:
    """The rows of this bench."""
    small = context.data.small()
    for what, command, bar in (
        ("rorqual --version", (*RORQUAL, "--version"), VERSION_BAR),
        ("rorqual scan of 1 KB", scan_command(small), SMALL_BAR),
    ):
        first = run(command)  # compiles modules and patterns
        cpu = statistics.median(run(command).cpu for _ in range(TIMES))
        yield Row(f"CPU of {what}", round(cpu, 3), "s", bar, note=remark(first), failed=first.code != 0)

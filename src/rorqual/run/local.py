"""One scan in this process: open the source, sweep it and what is in it, hand over the report."""

import io
import logging
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import BinaryIO, Protocol

from rorqual import kernels
from rorqual.engine import database
from rorqual.engine.descent import Descent
from rorqual.engine.guard import ENGINE
from rorqual.engine.limits import Limits
from rorqual.engine.matcher import HyperscanMatcher, Matcher, ReferenceMatcher
from rorqual.engine.memory import Budget, log_memory_usage, peak_memory, window_buffer
from rorqual.engine.patterns import Patterns
from rorqual.engine.plan import Plan, installed_plan, plan_of
from rorqual.engine.sweep import Tools
from rorqual.findings.bodies import Digest, FileType, Verdict
from rorqual.findings.journal import Journal
from rorqual.findings.ledger import Fault, Ledger, Reason
from rorqual.findings.report import Report, RunInfo, SourceInfo
from rorqual.sdk import Analyzer
from rorqual.sources.file import FileSource, MemorySource
from rorqual.sources.spill import open_spill
from rorqual.sources.spool import Spill, SpooledSource, draw_pipe, draw_stream
from rorqual.sources.view import Source

MIB = 1 << 20
CHUNK = 8 * MIB


Buffer = bytes | bytearray | memoryview

log = logging.getLogger("rorqual")

Progress = Callable[[int, int | None], None]  # (bytes passed, bytes in all where known)


class Opened(Source, Protocol):
    """A source that a scan begins with."""

    @property
    def size(self) -> int | None: ...

    def changes(self) -> str | None: ...

    def close(self) -> None: ...


def scan(
    source: str | os.PathLike[str] | Buffer | BinaryIO,
    *,
    name: str | None = None,
    digests: Iterable[str] = (),
    analyzers: Iterable[Analyzer] | None = None,
    limits: Limits | None = None,
    chunk_size: int = CHUNK,
    workers: int | None = None,
    memory: int | None = None,
    matcher: str = "auto",
    progress: Progress | None = None,
    extract: str | os.PathLike[str] | None = None,
    neuter: str | None = None,
    passwords: Iterable[str] = (),
) -> Report:
    """Scans a file, a block device, bytes, or an open binary stream, and returns the report.

    Args:
        source: a path, bytes, or an open binary stream, read from where it stands (and spooled to bounded disk, unless
            it is a regular file that stands at its beginning).
        name: what the report calls the source; by default the path's last part, or "-".
        digests: further digests by name: blake3, crc32, sha512, ssdeep, tlsh.
        analyzers: what runs instead of all that are installed.
        limits: the allowances, which are part of the plan.
        chunk_size: bytes of a window; changes speed and memory, never the report.
        workers: threads; by default one for each processor this process may use.
        memory: the budget of the whole process in bytes; by default 96 MiB.
        matcher: "auto", or "reference" for the slow oracle.
        progress: called with the bytes passed and the bytes in all (None where unknown).
        extract: a folder for what is taken out: every child by its digest, an executable without its filler, and what
            lies beside it, with a manifest.
        neuter: "cart" or "zip": what is taken out is packed so that nothing runs it.
        passwords: tried on what is encrypted, before those that are usual for shared samples.

    Raises:
        OSError: the source cannot be opened, or the folder cannot be made. A file in it that cannot be written is a
            fault in the report instead.
        ValueError: a chunk size, worker count, budget, digest or limit that makes no sense.
        ImportError: a digest's library is not installed.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    if chunk_size < 1:
        raise ValueError(f"chunk size: {chunk_size} is not positive")
    if workers is not None and workers < 1:
        raise ValueError(f"workers: {workers} is not positive")
    if matcher not in ("auto", "reference"):
        raise ValueError(f"matcher: {matcher} is neither auto nor reference")
    budget = Budget(memory)
    passwords = (passwords,) if isinstance(passwords, str) else tuple(passwords)
    if analyzers is None:
        plan = installed_plan((digests,) if isinstance(digests, str) else tuple(digests), limits, passwords)
    else:
        plan = plan_of(analyzers, limits, passwords)
    patterns = plan.patterns
    ledger = Ledger()
    taking = None
    if extract is not None:
        from rorqual.run.taking import Taking  # noqa: PLC0415 - few scans take anything out

        taking = Taking(extract, ledger, neuter)  # a folder that cannot be is told before the work
    opened, called = _open(source, plan.limits)
    _log_memory("source opened")
    try:
        make_matcher, matching, missing = _matchers(patterns, matcher)
        _log_memory("patterns loaded")
        threads = workers or _processors()
        window, count = budget.windows(chunk_size, threads)
        buffers = [window_buffer(window) for _ in range(count)]
        tools = Tools(plan, patterns, make_matcher, threads, buffers)
        if progress is not None:
            tools.passed = _Counter(progress, opened.size)
        journal = Journal(budget.journal, open_spill)
        descent = Descent(tools, journal, ledger, open_spill)
        if taking is not None:
            descent.kept = taking.child
        descent.run(opened, opened.size)
        _log_memory("swept")
        if taking is not None:
            taking.cores(opened, (record.finding() for record in journal.at(())), descent.children)
        if changed := opened.changes():  # after the last read
            ledger.fault(Fault((), 0, ENGINE, Reason.CHANGED, changed), start=0, end=descent.size)
    finally:
        opened.close()
    seconds = time.perf_counter() - clock
    run = RunInfo(
        seconds=round(seconds, 3),
        bytes_per_second=round(descent.size / seconds, 1),
        peak_memory=peak_memory(),
        workers=threads,
        chunk_size=window,
        memory=budget.total,
        matcher=matching,
        kernels="native" if kernels.NATIVE else "python",
        host=os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", ""),
        python=sys.version.split()[0],
        started=started.isoformat(timespec="seconds"),
        missing=missing,
    )
    if taking is not None:
        taking.manifest(SourceInfo(name or called, descent.size), descent.journal, descent.children)
    _log_memory("report ready")
    return _report(name or called, descent, plan, run)


def _report(name: str, descent: Descent, plan: Plan, run: RunInfo) -> Report:
    root = [record.finding() for record in descent.journal.at((), FileType, Digest)]
    verdicts = (record.finding() for record in descent.journal.of(Verdict))
    return Report(
        source=SourceInfo(name, descent.size),
        plan=plan.info,
        type=next((one.body for one in root if isinstance(one.body, FileType)), None),
        digests=tuple(one.body for one in root if isinstance(one.body, Digest)),
        verdicts=tuple(verdicts),
        coverage=descent.ledger,
        complete=descent.ledger.complete,
        faults=descent.ledger.faults,
        children=tuple(descent.children),
        run=run,
        journal=descent.journal,
    )


def _open(source: str | os.PathLike[str] | Buffer | BinaryIO, limits: Limits) -> tuple[Opened, str]:
    """The source and what to call it."""
    if isinstance(source, bytes | bytearray | memoryview):
        return MemorySource(source), "-"
    spill = Spill(open_spill)
    if isinstance(source, str | os.PathLike):
        called = os.path.basename(os.fsdecode(source)) or os.fsdecode(source)
        called = called.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        mode = os.stat(source).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode) or stat.S_ISDIR(mode)):
            pipe = os.open(source, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
            return SpooledSource(draw_pipe(pipe), spill, limits.spool, close=lambda: os.close(pipe)), called
        file = FileSource(source)
        if file.size == 0 and (made := _made_while_read(source)) is not None:
            file.close()
            return SpooledSource(draw_pipe(made), spill, limits.spool, close=lambda: os.close(made)), called
        return file, called
    raw = getattr(source, "raw", source)
    if isinstance(raw, io.FileIO) and stat.S_ISREG(os.fstat(raw.fileno()).st_mode) and source.tell() == 0:
        return FileSource(raw.fileno()), "-"
    return SpooledSource(draw_stream(source), spill, limits.spool), "-"


def _made_while_read(path: str | os.PathLike[str]) -> int | None:
    """A descriptor of a file that says it is empty and is not: what /proc makes up is read as a stream."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    if os.read(descriptor, 1):
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor
    os.close(descriptor)
    return None


def _matchers(patterns: Patterns, wish: str) -> tuple[Callable[[], Matcher], str, tuple[str, ...]]:
    """What makes matchers, its name, and what is missing for a faster one."""
    missing: tuple[str, ...] = ()
    if wish == "auto" and patterns:
        try:
            compiled = database.load(patterns)
        except database.CompileFailed as error:
            missing = (f"hyperscan: {error}",)
        else:
            if compiled is not None:
                return lambda: HyperscanMatcher(compiled), HyperscanMatcher.name, ()
            missing = ("hyperscan: not installed, matching is slow",)
    return lambda: ReferenceMatcher(patterns), ReferenceMatcher.name, missing


def _log_memory(label: str) -> None:
    if log.isEnabledFor(logging.DEBUG):  # asking costs 15 ms the first time
        log_memory_usage(label, log)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Counter:
    """Adds up windows of the file itself; what decodes out of it has no known length."""

    def __init__(self, progress: Progress, size: int | None) -> None:
        self._progress = progress
        self._size = size
        self._passed = 0

    def __call__(self, count: int) -> None:
        self._passed += count
        self._progress(self._passed, self._size)

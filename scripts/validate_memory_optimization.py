"""The founding specification's six checks of memory and reading, done on real files.

Prints PASS or FAIL with the measured figure of each, and exits with 0 if all pass, 1 if one fails, 2 if this
Python lacks the package.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
MAKES_IT_RUN = f"cd {ROOT} && make setup && .venv/bin/python scripts/validate_memory_optimization.py"

try:
    import psutil

    from core_engine.chunked_file_reader import (
        DEFAULT_CHUNK_SIZE,
        ChunkedFileReader,
        ChunkSizeError,
        DirectoryError,
        FileMissingError,
        FileTruncatedError,
        MmapThresholdError,
        NegativeRangeError,
        RangeBeyondEndError,
        ReaderClosedError,
        ReaderError,
        ReaderNotOpenError,
        log_memory_usage,
    )
    from core_engine.pipeline_manager import PipelineManager
except ImportError as error:
    print(f"{sys.executable}: {error}. This one command makes it run:\n  {MAKES_IT_RUN}", file=sys.stderr)
    sys.exit(2)

MIB = 1 << 20
MB = 1_000_000
REAL = Path(sys.executable).resolve()

# Prints the resident set before and at its highest while a file is read, in bytes, and the file's SHA-256.
READ_IN_A_CHILD = """
import hashlib, sys
import psutil
from core_engine.chunked_file_reader import ChunkedFileReader
me, digest = psutil.Process(), hashlib.sha256()
with ChunkedFileReader(sys.argv[1]) as reader:
    before = highest = me.memory_info().rss
    for chunk in reader.read_chunks():
        digest.update(chunk)
        highest = max(highest, me.memory_info().rss)
    print(before, highest, reader.is_using_mmap(), digest.hexdigest())
"""


class CheckFailed(Exception):
    """What a check found wrong, with the value."""


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise CheckFailed(otherwise)


def small_file(folder: Path) -> str:
    data = random.Random(1).randbytes(MB)
    path = folder / "small.bin"
    path.write_bytes(data)
    start = time.perf_counter()
    with ChunkedFileReader(path, chunk_size=64 * 1024) as reader:
        require(not reader.is_using_mmap(), "1 MB: mapped, although below the threshold")
        chunks = list(reader.read_chunks())
    milliseconds = (time.perf_counter() - start) * 1e3
    require(b"".join(chunks) == data, "1 MB: the chunks are not the file")
    return f"1 MB in {len(chunks)} chunks of 64 KiB equals the file, {milliseconds:.2f} ms"


def large_file(folder: Path) -> str:
    path = folder / "large.bin"
    real = REAL.read_bytes()
    with path.open("wb") as file:
        file.truncate(500 * MB)
        for offset in (0, 250 * MB + 1, 500 * MB - len(real)):
            file.seek(offset)
            file.write(real)
    with path.open("rb") as file:
        expected = hashlib.file_digest(file, "sha256").hexdigest()
    start = time.perf_counter()
    before, highest, mapped, digest = child(READ_IN_A_CHILD, path)
    seconds = time.perf_counter() - start
    growth = int(highest) - int(before)
    require(mapped == "True", "500 MB: not mapped, although above the threshold")
    require(digest == expected, f"500 MB: SHA-256 {digest}, not {expected}")
    bound = 2 * DEFAULT_CHUNK_SIZE + 4 * MIB
    require(growth <= bound, f"500 MB: memory grew by {growth / MIB:.1f} MiB, above {bound / MIB:.0f} MiB")
    return f"500 MB, SHA-256 right, memory grew by {growth / MIB:.1f} MiB (two chunks), {seconds:.2f} s"


def random_access(folder: Path) -> str:
    path = folder / "large.bin"
    choose = random.Random(2)
    edge = DEFAULT_CHUNK_SIZE
    ranges = [(edge * number - 7, 14) for number in range(1, 50)]
    ranges += [(choose.randrange(500 * MB), choose.randrange(1, 64 * 1024)) for _ in range(5000)]
    ranges += [(500 * MB - 3, 100), (500 * MB, 1)]
    seconds = 0.0
    with path.open("rb") as file, ChunkedFileReader(path) as reader:
        for offset, size in ranges:
            file.seek(offset)
            expected = file.read(size)
            start = time.perf_counter()
            data = reader.read_range(offset, size)
            seconds += time.perf_counter() - start
            require(data == expected, f"offset {offset}, size {size}: not what the file holds there")
            with reader.view_range(offset, size) as view:
                require(view == expected, f"offset {offset}, size {size}: the view is not what the file holds")
    return f"{len(ranges)} ranges and views of 500 MB right, {seconds / len(ranges) * 1e6:.1f} µs for a range"


def memory_monitoring(folder: Path) -> str:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    logger = logging.Logger("validate", logging.DEBUG)
    logger.addHandler(handler)
    before = log_memory_usage("before", logger)
    held = bytearray(os.urandom(1)) * (64 * MIB)
    after = log_memory_usage("after", logger)
    actual = psutil.Process().memory_info().rss / MB
    del held
    if before is None or after is None:
        raise CheckFailed("log_memory_usage: gives nothing, although psutil is here")
    require(abs(after - actual) < 1, f"log_memory_usage: {after:.1f} MB, the system says {actual:.1f} MB")
    grown = after - before
    require(60 < grown < 75, f"log_memory_usage: grew by {grown:.1f} MB after taking 67.1 MB")
    with mock.patch.object(psutil, "Process") as process:
        process.return_value.memory_info.return_value.rss = 1_600 * MB
        log_memory_usage("too much", logger)
    logged = lines.getvalue().splitlines()
    require(len(logged) == 4, f"log_memory_usage: {len(logged)} lines, not three at debug and one warning")
    with mock.patch.dict(sys.modules, {"psutil": None}):
        require(log_memory_usage("unseen", logger) is None, "log_memory_usage: speaks without psutil")
    return f"67.1 MB taken, {grown:.1f} MB seen; warns at 1600 MB; silent without psutil"


def pipeline_integration(folder: Path) -> str:
    start = time.perf_counter()
    report = PipelineManager().run_pipeline(REAL)
    seconds = time.perf_counter() - start
    data = REAL.read_bytes()
    require(
        report["source"] == {"name": REAL.name, "size": len(data)},
        f"{REAL}: source {report['source']}, has {len(data)} bytes",
    )
    digests = report["digests"]
    expected = hashlib.sha256(data).hexdigest()
    require(
        isinstance(digests, dict) and digests.get("sha256") == expected,
        f"{REAL}: digests {digests}, SHA-256 is {expected}",
    )
    require(report["complete"] is True, f"{REAL}: not complete, faults {report['faults']}")
    kind = report["type"]
    require(isinstance(kind, dict), f"{REAL}: type {kind}")
    otherwise = PipelineManager(chunk_size=MIB, workers=1).run_pipeline(REAL)
    different = [name for name in report if name != "run" and report[name] != otherwise[name]]
    require(not different, f"chunk_size {MIB}: another report, in {', '.join(different)}")
    findings = report["findings"]
    count = len(findings) if isinstance(findings, list) else 0
    return (
        f"{REAL.name}, {len(data) / MB:.1f} MB: type and SHA-256 right, {count} findings, complete, "
        f"same at 1 MiB chunks, {seconds:.2f} s"
    )


def error_handling(folder: Path) -> str:
    path = folder / "errors.bin"
    path.write_bytes(b"x" * 100)
    unopened = ChunkedFileReader(path)
    closed = ChunkedFileReader(path).open()
    closed.close()
    cut = ChunkedFileReader(path, chunk_size=10, mmap_threshold=1).open()
    chunks = cut.read_chunks()
    os.truncate(path, 5)
    reader = ChunkedFileReader(path).open()
    refusals: list[tuple[type[ReaderError], type[Exception], str, Callable[[], object]]] = [
        (FileMissingError, FileNotFoundError, str(folder), lambda: ChunkedFileReader(folder / "none")),
        (DirectoryError, IsADirectoryError, str(folder), lambda: ChunkedFileReader(folder)),
        (ChunkSizeError, ValueError, "chunk_size 0", lambda: ChunkedFileReader(path, chunk_size=0)),
        (ChunkSizeError, ValueError, "chunk_size -1", lambda: ChunkedFileReader(path, chunk_size=-1)),
        (MmapThresholdError, ValueError, "mmap_threshold 0", lambda: ChunkedFileReader(path, 1, 0)),
        (NegativeRangeError, ValueError, "offset -1", lambda: reader.read_range(-1, 1)),
        (NegativeRangeError, ValueError, "size -1", lambda: reader.read_range(0, -1)),
        (RangeBeyondEndError, ValueError, "offset 6", lambda: reader.read_range(6, 1)),
        (ReaderNotOpenError, RuntimeError, str(path), unopened.read_chunks),
        (ReaderClosedError, RuntimeError, str(path), closed.read_chunks),
        (FileTruncatedError, OSError, str(path), lambda: next(chunks)),
    ]
    for error, builtin, start, attempt in refusals:
        try:
            attempt()
        except error as raised:
            require(isinstance(raised, builtin), f"{error.__name__}: is no {builtin.__name__}")
            require(str(raised).startswith(start), f"{error.__name__}: {raised} does not start with {start}")
        else:
            raise CheckFailed(f"{error.__name__}: not raised")
    cut.close()
    with reader:
        require(reader.read_range(3, 100) == b"xx", "a range past the end does not give what is there")
    return f"{len(refusals)} refusals, each its own error and saying what is at fault"


def child(code: str, *arguments: object) -> list[str]:
    """The words that `code` prints in a Python of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    require(done.returncode == 0, f"child: exit {done.returncode}: {' '.join(done.stderr.split())}")
    return done.stdout.split()


CHECKS: list[tuple[str, Callable[[Path], str]]] = [
    ("small file", small_file),
    ("large file", large_file),
    ("random access", random_access),
    ("memory monitoring", memory_monitoring),
    ("pipeline integration", pipeline_integration),
    ("error handling", error_handling),
]


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="rorqual-validate-") as folder:
        for name, check in CHECKS:
            try:
                verdict, figure = "PASS", check(Path(folder))
            except Exception as error:  # noqa: BLE001 - one check that breaks must not hide the others
                verdict, figure = "FAIL", str(error) if isinstance(error, CheckFailed) else repr(error)
                failed += 1
            print(f"{verdict}  {name:<20}  {figure}", flush=True)
    print(f"{len(CHECKS) - failed} of {len(CHECKS)} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""The compiled database: made in a child process, cached on disk for its owner alone, verified before loading.

Compiling takes time and memory that the scanning process must not keep; loading takes neither. As a program
(`python -m rorqual.engine.database`) this compiles the patterns on standard input to standard output.
"""

import hashlib
import json
import os
import stat
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from rorqual.engine.patterns import Patterns

if TYPE_CHECKING:
    import hyperscan

MAGIC = b"rorqual-db-1\n"
DIGEST = 32
LARGEST = 256 << 20  # bytes; no honest cache entry is larger
COMPILE_SECONDS = 300  # a watchdog, not a limit


class CompileFailed(Exception):
    """The patterns could not be compiled; the message is the compiler's."""


def load(patterns: Patterns) -> "hyperscan.Database | None":
    """The database of the patterns, from the cache or compiled now; None where there is no Hyperscan or no pattern.

    Raises:
        CompileFailed: the compiler refused.
    """
    try:
        import hyperscan  # noqa: F401, PLC0415 - there is not a wheel for every machine
    except ImportError:
        return None
    return _database(patterns, _folder()) if patterns else None


@lru_cache(maxsize=4)
def _database(patterns: Patterns, folder: str | None) -> "hyperscan.Database":
    """Once for the patterns of a plan, and for where it is cached."""
    import hyperscan  # noqa: PLC0415

    request = json.dumps([pattern.anchor.regex.decode("latin-1") for pattern in patterns]).encode()
    key = hashlib.sha256(b"\0".join((MAGIC, _release(hyperscan).encode(), _machine(), request))).hexdigest()
    if folder is not None and (data := _read(os.path.join(folder, key))):
        try:
            return _loaded(data)
        except hyperscan.error:
            pass  # of another processor or release: compile anew
    data = _compile_in_child(request)
    if folder is not None:
        _write(os.path.join(folder, key), data)
    return _loaded(data)


def _loaded(data: bytes) -> "hyperscan.Database":
    import hyperscan  # noqa: PLC0415

    database = hyperscan.loadb(data, hyperscan.HS_MODE_STREAM)
    # Closing a stream takes the database's own scratch, under the interpreter's lock; scanning takes each matcher's.
    database.scratch = hyperscan.Scratch(database)
    return database


def compile_patterns(request: bytes) -> bytes:
    """Compiles a request (JSON list of expressions) into a serialized database."""
    import hyperscan  # noqa: PLC0415

    expressions = [text.encode("latin-1") for text in json.loads(request)]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_STREAM)
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=hyperscan.HS_FLAG_DOTALL,
    )
    return hyperscan.dumpb(database)


def _compile_in_child(request: bytes) -> bytes:
    import subprocess  # noqa: PLC0415 - 15 ms that only an empty cache need pay

    command = [sys.executable, "-I", "-c", _CHILD, *sys.path]
    try:
        done = subprocess.run(command, input=request, capture_output=True, check=False, timeout=COMPILE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CompileFailed(str(error)) from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CompileFailed(last[0] if last else f"the compiler ended with {done.returncode}")
    return done.stdout


_CHILD = """
import sys
sys.path[:] = sys.argv[1:]
from rorqual.engine.database import compile_patterns
sys.stdout.buffer.write(compile_patterns(sys.stdin.buffer.read()))
"""


def _release(module: object) -> str:
    return str(getattr(module, "__version__", ""))  # the stub leaves it out


def _machine() -> bytes:
    """What a database depends on beside its patterns: the processor's features, as far as the system tells them."""
    try:
        with open("/proc/cpuinfo", "rb") as info:
            return next((line for line in info if line.startswith((b"flags", b"Features"))), b"")
    except OSError:
        import platform  # noqa: PLC0415 - costs a millisecond that Linux need not pay

        return platform.processor().encode()


def _folder() -> str | None:
    """The cache folder, owner-only; None where there can be none."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(base, "rorqual")
    try:
        os.makedirs(base, exist_ok=True)
        if not os.path.isdir(folder):
            os.mkdir(folder, 0o700)
        status = os.lstat(folder)
    except OSError:
        return None
    return folder if stat.S_ISDIR(status.st_mode) and _is_ours(status) else None


def _is_ours(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _read(path: str) -> bytes | None:
    """The payload of a cache entry that is ours alone and whole."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    with open(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or not _is_ours(status) or status.st_size > LARGEST:
            return None
        data = file.read()
    head = len(MAGIC) + DIGEST
    payload = data[head:]
    whole = data[:head] == MAGIC + hashlib.sha256(payload).digest()
    return payload if whole and payload else None


def _write(path: str, payload: bytes) -> None:
    """Puts an entry in place whole; a cache that cannot be written is no fault."""
    import tempfile  # noqa: PLC0415 - 5 ms that only an empty cache need pay

    try:
        fd, name = tempfile.mkstemp(dir=os.path.dirname(path))  # readable by its owner alone
        with open(fd, "wb") as file:
            file.write(MAGIC + hashlib.sha256(payload).digest() + payload)
        os.replace(name, path)
    except OSError:
        return

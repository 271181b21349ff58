"""Writes what a scan takes out of a source: every child, cores without filler, and what lies beside them.

The names are ours: the SHA-256 of what is written, what it is, and for a piece of the source its offset. Nothing of
the source's own names or paths goes into them; what a container calls a child stands in the manifest. A file is
written under a temporary name that did not exist, and moved to its own only if none has that: what is there stays, no
link is followed, and what is no file is not opened. None is executable.

A piece that cannot be written does not keep the others from it, and the report less so: it is told, and recorded.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from rorqual.findings.ledger import Reason
from rorqual.findings.record import Body, Finding
from rorqual.run.neuter import Neuter
from rorqual.sources.view import Source, Unreadable

STEP = 1 << 20
KEPT_FREE = 256 << 20  # bytes of the disk that are left to others
SUFFIXES = {"pe": ".exe", "elf": ".elf", "macho": ".macho"}
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
BESIDE = "beside"  # the step of a child that lies beside a core
_TEMPORARY = ".rorqual-"
NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a FIFO would have who opens it wait for its other end

Digests = Mapping[tuple[int, int], str]  # by (offset, size) in the source: the SHA-256 that the report has


class Piece(NamedTuple):
    """A file to write: ranges (offset, size) of the source in a row, with patches (at, bytes) over them."""

    what: str  # the end of the name; empty for a child, which is known by its digest alone
    ranges: tuple[tuple[int, int], ...]
    patches: tuple[tuple[int, bytes], ...] = ()
    sha256: str | None = None  # what it must come to, where that was said


class Written(NamedTuple):
    """A piece that is there now."""

    name: str  # begins with the SHA-256 of what was written
    verified: bool  # whether the report has that digest; it has none of a large core with patches, nor of a few bytes


class Failed(NamedTuple):
    """A piece that is not there, and nothing is left of it."""

    start: int  # of what it was to be made of, in the source
    end: int
    reason: Reason
    message: str


class _Kept(Protocol):
    offset: int
    size: int


class Mismatch(ValueError):
    """What was read for writing is not what the report is about."""


def extract(
    source: Source,
    findings: Iterable[Finding],
    folder: str | os.PathLike[str],
    digests: Digests | None = None,
    neuter: Neuter | None = None,
) -> Iterator[Written | Failed]:
    """Writes the pieces into the folder, which must be there, and tells what came of each."""
    for finding in findings:
        for piece in pieces(finding, digests or {}):
            yield take(source, piece, folder, neuter)


def take(
    source: Source, piece: Piece, folder: str | os.PathLike[str], neuter: Neuter | None = None
) -> Written | Failed:
    """Writes one piece, and tells what came of it."""
    try:
        return Written(write(source, piece, folder, neuter), piece.sha256 is not None)
    except Mismatch as error:
        reason, why = Reason.CHANGED, str(error)
    except Unreadable as error:
        reason, why = Reason(error.reason), f"{piece.what}: {error}"
    except OSError as error:
        # Of the two names of a move the temporary one tells nobody anything.
        reason, why = Reason.MACHINE, f"{_target(piece, error)}: {error.strerror or error}"
    start = min((offset for offset, _ in piece.ranges), default=0)
    end = max((offset + size for offset, size in piece.ranges), default=0)
    return Failed(start, end, reason, f"not extracted: {why}")


def _target(piece: Piece, error: OSError) -> str:
    named = os.path.basename(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else ""
    if named and not named.startswith(_TEMPORARY):
        return named
    return f"{piece.sha256}.{piece.what}" if piece.sha256 else piece.what


def pieces(finding: Finding, digests: Digests) -> Iterator[Piece]:
    """What a finding says can be taken out: a core, and what lies beside it."""
    if finding.kind != "core" or finding.place:
        return
    body = finding.body
    ranges, beside = _ranges(body, "ranges"), _ranges(body, "beside")
    patches = tuple((patch.at, patch.data) for patch in getattr(body, "patches"))  # noqa: B009 - by its tag
    yield Piece("core", ranges, patches, getattr(body, "sha256", None))
    for offset, size in beside:
        yield Piece(f"beside-{offset:#x}", ((offset, size),), (), digests.get((offset, size)))


def write(source: Source, piece: Piece, folder: str | os.PathLike[str], neuter: Neuter | None = None) -> str:
    """Writes one piece and returns its name."""
    needed = KEPT_FREE + sum(size for _, size in piece.ranges)
    if hasattr(os, "statvfs") and (disk := os.statvfs(folder)).f_bavail * disk.f_frsize < needed:
        raise OSError(errno.ENOSPC, f"less than {KEPT_FREE >> 20} MiB would be left on the disk", os.fspath(folder))
    temporary = os.path.join(folder, f"{_TEMPORARY}{os.getpid()}-{os.urandom(8).hex()}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
    try:
        digest = hashlib.sha256(usedforsecurity=False)
        first = b""

        def pass_on() -> Iterator[bytes]:
            nonlocal first
            for data in _read(source, piece):
                first = first or data[:4]
                digest.update(data)
                yield data

        with open(file, "w+b", buffering=0) as out:
            if neuter is not None:
                neuter.pack(pass_on(), out, piece.sha256 or piece.what)
            else:
                for data in pass_on():
                    _write_all(out.fileno(), data)
        found = digest.hexdigest()
        if piece.sha256 is not None and found != piece.sha256:
            raise Mismatch(f"{piece.what}: SHA-256 {found}, the report has {piece.sha256}")
        name = f"{found}.{piece.what}{_suffix(first, piece.what)}" if piece.what else f"{found}.bin"
        if neuter is not None:
            name += neuter.suffix
        _publish(temporary, os.path.join(folder, name), found if neuter is None else None)
        return name
    finally:
        with contextlib.suppress(OSError):  # whatever keeps it there is told by what came before
            os.unlink(temporary)


def _publish(temporary: str, path: str, sha256: str | None) -> None:
    """Gives the file its name; one that is there already with the same content will do, and where its content has no
    digest (it is packed with a salt) any that is there.

    Raises:
        FileExistsError: something else has that name.
    """
    try:
        os.link(temporary, path)
    except OSError as error:
        if os.path.lexists(path):
            if not _is_same(path, os.path.getsize(temporary), sha256):
                raise FileExistsError(errno.EEXIST, "something else has that name", path) from error
        else:  # a file system without hard links
            os.rename(temporary, path)


def _is_same(path: str, size: int, sha256: str | None) -> bool:
    """Whether this is a regular file of that content; what is none, a link or a FIFO say, is left alone."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return False
    if sha256 is None:
        return True
    with open(os.open(path, os.O_RDONLY | NO_FOLLOW | NO_WAIT), "rb") as there:
        status = os.fstat(there.fileno())  # another may have taken its place
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return False
        return hashlib.file_digest(there, "sha256").hexdigest() == sha256


def _suffix(first: bytes, what: str) -> str:
    """Ends the name of a core; what lies beside may be anything, and is not made to start by a click."""
    if what != "core":
        return ".bin"
    return SUFFIXES["pe" if first.startswith(b"MZ") else "elf" if first == b"\x7fELF" else "macho"]


def _read(source: Source, piece: Piece) -> Iterator[bytes]:
    at = 0
    for offset, size in piece.ranges:
        done = 0
        while done < size:
            data = source.read_at(offset + done, min(STEP, size - done))
            if not data:
                raise Mismatch(f"{piece.what}: the source ends at {offset + done:#x}")
            done += len(data)
            patched = bytearray(data)
            for start, patch in piece.patches:
                first, last = max(start, at), min(start + len(patch), at + len(data))
                if first < last:
                    patched[first - at : last - at] = patch[first - start : last - start]
            at += len(data)
            yield bytes(patched)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _ranges(body: Body, name: str) -> tuple[tuple[int, int], ...]:
    rows: tuple[_Kept, ...] = getattr(body, name)
    return tuple((row.offset, row.size) for row in rows)

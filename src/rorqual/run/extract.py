"""Writes what a report says can be taken out of a source: cores without filler, and what lies beside them.

The names are ours: the SHA-256 of what is written, what it is, and for a piece of the source its offset. Nothing of
the source's own names or paths goes into them. A file is written under a temporary name that did not exist, and
moved to its own only if none has that: what is there stays, and no link is followed.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from rorqual.findings.record import Body, Finding
from rorqual.sources.view import Source

STEP = 1 << 20
SUFFIXES = {"pe": ".exe", "elf": ".elf", "macho": ".macho"}
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Piece(NamedTuple):
    """A file to write: ranges (offset, size) of the source in a row, with patches (at, bytes) over them."""

    what: str  # the end of the name
    ranges: tuple[tuple[int, int], ...]
    patches: tuple[tuple[int, bytes], ...] = ()
    sha256: str | None = None  # what it must come to, where that was said


class _Kept(Protocol):
    offset: int
    size: int


class Mismatch(ValueError):
    """What was read for writing is not what the report is about."""


def extract(source: Source, findings: Iterable[Finding], folder: str | os.PathLike[str]) -> list[str]:
    """Writes the pieces into the folder, which is made if need be, and returns their names.

    Raises:
        OSError: the folder cannot be made or written to.
        Mismatch: the source changed since it was scanned; nothing is left of that piece.
    """
    os.makedirs(folder, exist_ok=True)
    return [write(source, piece, folder) for finding in findings for piece in pieces(finding)]


def pieces(finding: Finding) -> Iterator[Piece]:
    """What a finding says can be taken out: a core, and what lies beside it."""
    if finding.kind != "core" or finding.place:
        return
    body = finding.body
    ranges, beside = _ranges(body, "ranges"), _ranges(body, "beside")
    patches = tuple((patch.at, patch.data) for patch in getattr(body, "patches"))  # noqa: B009 - by its tag
    yield Piece("core", ranges, patches, getattr(body, "sha256", None))
    for offset, size in beside:
        yield Piece(f"beside-{offset:#x}", ((offset, size),))


def write(source: Source, piece: Piece, folder: str | os.PathLike[str]) -> str:
    """Writes one piece and returns its name."""
    temporary = os.path.join(folder, f".rorqual-{os.getpid()}-{os.urandom(8).hex()}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
    try:
        digest = hashlib.sha256(usedforsecurity=False)
        first = b""
        with open(file, "wb", buffering=0) as out:
            for data in _read(source, piece):
                first = first or data[:4]
                digest.update(data)
                _write_all(out.fileno(), data)
        found = digest.hexdigest()
        if piece.sha256 is not None and found != piece.sha256:
            raise Mismatch(f"{piece.what}: SHA-256 {found}, the report has {piece.sha256}")
        name = f"{found}.{piece.what}{_suffix(first, piece.what)}"
        _publish(temporary, os.path.join(folder, name), found)
        return name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _publish(temporary: str, path: str, sha256: str) -> None:
    """Gives the file its name; one that is there already with the same content will do.

    Raises:
        FileExistsError: something else has that name.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        file = os.open(path, os.O_RDONLY | NO_FOLLOW)
        with open(file, "rb") as there:
            if hashlib.file_digest(there, "sha256").hexdigest() != sha256:
                raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise
        os.rename(temporary, path)


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

"""Electron archives: four lengths, a JSON object that lists files and folders, then the files' bytes.

{"files": {NAME: {"files": …} or {"size", "offset", "executable", "integrity"} or {"link"} or {"unpacked": true}}}, with
offsets from behind the object, as text. https://github.com/electron/asar#format. An object of more than JSON_MOST
bytes is not read.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.archives.notes import Notes
from rorqual.analyzers.formats.pe.rows import Rows
from rorqual.sdk import Anchor, Codec, Extent, Hit, Malformed, Refused, Region, Said, View, frozen

HEADER = 16
JSON_MOST = 4 << 20  # bytes of the object
MEMBERS = 100_000
CHILDREN = 8192
DEPTH = 64  # of folders
NAME_SHOWN = 512
HASHED = 1 << 20  # bytes of members whose digest is computed
OFFSET_MOST = 1 << 62
STEPS = 16  # for a member
_NUMBER = re.compile(r"\d{1,19}")


class AsarMember(NamedTuple):
    """A file."""

    offset: int | None  # of its data in the source; None where they are elsewhere
    name: str
    size: int  # bytes
    executable: bool
    link: str | None


@frozen
class AsarMembers:
    """Rows in the order of the object, which the finding spans."""

    tag: ClassVar[str] = "asar_members"
    first: int  # index of the first row
    rows: tuple[AsarMember, ...]


@frozen
class AsarArchive:
    """An archive; the finding spans it to the end of its last file."""

    tag: ClassVar[str] = "asar_archive"
    members: int
    unpacked: int  # members that lie beside the archive
    size: int  # bytes of all that lie in it
    integrity: bool  # whether digests are stored


class Asar:
    """Finds Electron archives anywhere."""

    name = "asar"
    version = 1
    wakes_on = (Anchor(rb"\{\"files\":\{", back=16),)

    def score(self, view: View, /) -> int:
        """The lengths must agree, and the object begin as it does."""
        head = view.read(0, HEADER + 10)
        return 1 if _lengths(head) and b'"files"' in head[HEADER:] else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        yield from _Archive(hit).told()


def _lengths(head: bytes) -> tuple[int, int] | None:
    """(where the data begin, bytes of the object), where the four lengths agree."""
    if len(head) < HEADER:
        return None
    four, outer, inner, size = (int.from_bytes(head[at : at + 4], "little") for at in range(0, 16, 4))
    fits = four == 4 and outer == inner + 4 and inner >= size + 4 and inner - size - 4 < 4
    return (8 + outer, size) if fits else None


class _Archive:
    """One archive while it is read."""

    def __init__(self, hit: Hit) -> None:
        self.hit = hit
        self.view = hit.view
        self.notes = Notes(hit, "asar")
        self.count = self.unpacked = self.size = self.children = self.hashed = 0
        self.integrity = False
        self.ranges: list[tuple[int, int]] = []

    def told(self) -> Iterator[Said]:
        hit, view = self.hit, self.view
        lengths = _lengths(view.exact(0, HEADER))
        if lengths is None:
            raise Malformed(hit.offset, "lengths that agree")
        base, size = lengths
        if size > JSON_MOST:
            if view.within(HEADER, size) == size:
                yield Refused(HEADER, size, "object", JSON_MOST)
            return
        raw = view.exact(HEADER, size)
        view.step(size // 32)
        try:
            tree = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Malformed(hit.offset + HEADER, "a JSON object") from error
        if not isinstance(tree, dict) or not isinstance(tree.get("files"), dict):
            raise Malformed(hit.offset + HEADER, "an object of files")
        rows: Rows[AsarMember] = Rows()
        for name, entry in _files(tree["files"], "", 0):
            if self.count >= MEMBERS:
                yield Refused(HEADER, size, "members", MEMBERS)
                break
            view.step(STEPS)
            self.count += 1
            row = self._row(name, entry, base)
            for told in rows.add(HEADER, size, (row,)):
                yield hit.finding(HEADER, size, AsarMembers(told[2], told[3]))
            yield from self._content(row, entry)
        for told in rows.rest():
            yield hit.finding(HEADER, size, AsarMembers(told[2], told[3]))
        padding = view.read(HEADER + size, base - HEADER - size)
        yield from self.notes.room(hit.offset + HEADER + size, padding, "padding")
        yield from self._whole(base, size)

    def _whole(self, base: int, size: int) -> Iterator[Said]:
        """The archive, what its files leave out, and its end."""
        at = base
        for start, end in sorted(self.ranges):
            if start > at:
                gap = self.view.read(at, min(start - at, 4096))
                yield from self.notes.room(self.hit.offset + at, gap, "slack", start - at)
            elif start < at:
                proof = f"a file at {start:#x}, another ends at {at:#x}"
                yield from self.notes.anomaly(self.hit.offset + start, at - start, "members_overlap", proof)
            at = max(at, end)
        body = AsarArchive(self.count, self.unpacked, self.size, self.integrity)
        there = base + self.view.within(base, at - base)
        yield self.hit.finding(0, there, body)
        if there == at and self.count:
            proof = "lengths and object agree, all files are there"
            yield Extent(0, at, "asar", proof, "start")

    def _row(self, name: str, entry: dict[str, object], base: int) -> AsarMember:
        size, offset, link = entry.get("size"), entry.get("offset"), entry.get("link")
        size = size if isinstance(size, int) and 0 <= size <= OFFSET_MOST else 0
        at = None
        if isinstance(offset, str) and _NUMBER.fullmatch(offset) and int(offset) <= OFFSET_MOST:
            at = base + int(offset)
        if at is None:
            self.unpacked += 1
        else:
            self.size += size
        shown = link if isinstance(link, str) else None
        return AsarMember(
            None if at is None else self.hit.offset + at,
            _shown(name),
            size,
            entry.get("executable") is True,
            None if shown is None else _shown(shown),
        )

    def _content(self, row: AsarMember, entry: dict[str, object]) -> Iterator[Said]:
        """The file as a child; its name and digest looked at."""
        if any(part in ("..", "") for part in row.name.split("/")):
            yield from self.notes.anomaly(self.hit.offset + HEADER, 1, "path_traversal", row.name)
        if row.offset is None or not row.size:
            return
        at = row.offset - self.hit.offset
        there = self.view.within(at, row.size)
        self.ranges.append((at, at + row.size))
        if not there:
            return
        integrity = entry.get("integrity")
        stored = integrity.get("hash") if isinstance(integrity, dict) else None
        if isinstance(stored, str):
            self.integrity = True
            if there == row.size and self.hashed + row.size <= HASHED:
                self.hashed += row.size
                digest = hashlib.sha256(self.view.read(at, row.size)).hexdigest()
                if digest != stored.lower():
                    proof = f"{row.name}: {stored[:64]} stored"
                    yield from self.notes.anomaly(row.offset, row.size, "digest_wrong", proof)
        self.children += 1
        if self.children <= CHILDREN:
            yield Region(at, there, "asar-member", Codec("asar", None), name=row.name)
        elif self.children == CHILDREN + 1:
            yield Refused(at, there, "members", CHILDREN)


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name[:NAME_SHOWN])


def _files(files: dict[str, object], path: str, depth: int) -> Iterator[tuple[str, dict[str, object]]]:
    """(path, entry) of all that are no folders."""
    for name, entry in files.items():
        if not isinstance(entry, dict):
            continue
        inner = entry.get("files")
        if isinstance(inner, dict):
            if depth < DEPTH:
                yield from _files(inner, f"{path}{name}/", depth + 1)
        else:
            yield path + name, entry

"""The indices of Git's packs (ff "tOc") and of working trees ("DIRC"); both end with a SHA-1 of all before it.

https://git-scm.com/docs/pack-format and https://git-scm.com/docs/index-format. Indices of packs of version 1 have no
magic and are not handled, nor are repositories whose names are SHA-256.
"""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import Reader
from rorqual.analyzers.formats.stores import GIT_INDEX
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Anomaly, Extent, Hit, Malformed, Said, View, frozen

DIGEST = 20
SUMMED_MOST = 24 << 20  # bytes
PIECE = 256 << 10
OBJECTS_MOST = 1 << 22
FAN_OUT = 1024


@frozen
class GitIndex:
    """The index of a pack or of a working tree."""

    tag: ClassVar[str] = "git_index"
    kind: str  # "pack index", "working tree"
    version: int
    entries: int
    paths: tuple[str, ...]  # of a working tree, the first 64
    checksum_holds: bool | None


class GitIndexProbe:
    """Finds indices of packs and of working trees anywhere."""

    name = "gitindex"
    version = 1
    wakes_on = GIT_INDEX

    def score(self, view: View, /) -> int:
        """The magic and the version are 64 bits."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        tree = view.exact(0, 4) == b"DIRC"
        version, count = (int.from_bytes(view.exact(at, 4), "big") for at in ((4, 8) if tree else (4, 8 + FAN_OUT - 4)))
        paths, end = _entries(view, version, count) if tree else ((), _pack_index_end(view, count))
        sums = None
        if end + DIGEST <= SUMMED_MOST:
            digest = hashlib.sha1(usedforsecurity=False)
            for at in range(0, end, PIECE):
                digest.update(view.exact(at, min(PIECE, end - at)))
            stored = view.exact(end, DIGEST)
            sums = digest.digest() == stored or (tree and not any(stored))  # git may be told not to sum
        elif not view.holds(end + DIGEST - 1):
            raise Malformed(hit.offset + end, "a SHA-1")
        size = end + DIGEST
        kind = "working tree" if tree else "pack index"
        yield hit.finding(0, size, GitIndex(kind, version, count, paths, sums))
        if sums is False:
            yield hit.finding(end, DIGEST, Anomaly("git_checksum_wrong", "the SHA-1 does not hold"))
        else:
            yield Extent(0, size, "gitindex", "SHA-1 holds" if sums else "entries lead to the end")


def _pack_index_end(view: View, count: int) -> int:
    """Where the SHA-1 of the whole begins."""
    fan = [int.from_bytes(view.exact(8 + 4 * index, 4), "big") for index in range(0, 256, 15)]
    if fan != sorted(fan) or not fan[-1] == count <= OBJECTS_MOST:
        raise Malformed(view.offset + 8, "a table that grows")
    offsets = 8 + FAN_OUT + count * (DIGEST + 4)
    large = 0
    for at in range(0, 4 * count, PIECE):
        large += sum(byte >> 7 for byte in view.exact(offsets + at, min(PIECE, 4 * count - at))[::4])
    return offsets + 4 * count + 8 * large + DIGEST


def _entries(view: View, version: int, count: int) -> tuple[tuple[str, ...], int]:
    """Paths, and where the SHA-1 begins."""
    reader = Reader(view, 12, big=True)
    paths: list[str] = []
    reader.check(count <= OBJECTS_MOST, "a number of entries")
    path = b""
    for _ in range(count):
        start = reader.at
        reader.skip(60)
        flags = reader.number(2)
        if flags & 0x4000 and version >= 3:
            reader.skip(2)
        if version == 4:
            cut = _offset(reader)
            reader.check(cut <= len(path), "a path that begins as the last does")
            path = path[: len(path) - cut] + _until_zero(reader)
        else:
            path = _until_zero(reader)
            reader.at = start + (reader.at - 1 - start + 8 & ~7)
        if len(paths) < 64:
            paths.append(printable(path[:512]))
    while (lead := reader.peek(8)) and len(lead) == 8 and lead[:4].isalpha():
        size = int.from_bytes(lead[4:], "big")
        if not view.holds(reader.at + 8 + size + DIGEST - 1):
            break
        reader.skip(8 + size)
    reader.reach(reader.at + DIGEST)
    return tuple(paths), reader.at


def _offset(reader: Reader) -> int:
    byte = reader.byte()
    value = byte & 0x7F
    while byte & 0x80:
        byte = reader.byte()
        value = value + 1 << 7 | byte & 0x7F
        reader.check(value < 1 << 20, "a length of a path")
    return value


def _until_zero(reader: Reader) -> bytes:
    for size in (64, 256, 1024, 8192):
        data = reader.peek(size)
        end = data.find(0)
        if end >= 0:
            reader.skip(end + 1)
            return data[:end]
    reader.check(False, "a zero behind a path")
    return b""

"""Git's packs: "PACK", a version, a number of objects, each in zlib, and a SHA-1 of all before it.

https://git-scm.com/docs/pack-format. Objects of a pack are inflated up to a
limit, which is how their ends are found; those that are whole become children. Repositories whose names are SHA-256 are
not handled.
"""

import hashlib
import zlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import Reader
from rorqual.analyzers.formats.stores import GIT_PACK
from rorqual.sdk import Codec, Extent, Hit, Malformed, Region, Said, View, frozen

DIGEST = 20
TRIED = 24 << 20  # bytes that are inflated
PIECE = 256 << 10
STEP = 16  # decoded bytes that cost as much as one read
CHILDREN_MOST = 512
OBJECTS_MOST = 1 << 22
KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag", 6: "delta", 7: "delta"}


@frozen
class GitPack:
    """A pack. The finding spans what was inflated of it."""

    tag: ClassVar[str] = "git_pack"
    version: int
    objects: int
    walked: int
    kinds: tuple[str, ...]  # "blob 12", of those that were walked
    checksum_holds: bool | None


class GitPackProbe:
    """Finds packs anywhere."""

    name = "gitpack"
    version = 1
    wakes_on = GIT_PACK

    def score(self, view: View, /) -> int:
        """A first object of a kind there is."""
        head = view.read(8, 5)
        return int(len(head) == 5 and (not any(head[:4]) or head[4] >> 4 & 7 in KINDS))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, 12)
        version, count = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:], "big")
        if count > OBJECTS_MOST:
            raise Malformed(hit.offset + 8, f"at most {OBJECTS_MOST} objects")
        walk = _Walk(view, count)
        children = list(walk.objects())
        sums = None
        if walk.done:
            sums = walk.digest.digest() == view.exact(walk.at, DIGEST)
            if not sums:
                raise Malformed(hit.offset + walk.at, "the SHA-1 of the pack")
        elif not walk.walked:
            raise Malformed(hit.offset + 12, "an object that inflates")
        kinds = tuple(f"{kind} {number}" for kind, number in sorted(walk.kinds.items()))
        end = walk.at + (DIGEST if walk.done else 0)
        yield hit.finding(0, end, GitPack(version, count, walk.walked, kinds, sums))
        if walk.done:
            yield Extent(0, end, "gitpack", "SHA-1 holds, objects inflate to their sizes")
        for at, size, kind in children:
            yield Region(at, size, "git-object", Codec("git", _inflate), name=kind)


class _Walk:
    """The objects of a pack, inflated one after another."""

    def __init__(self, view: View, count: int) -> None:
        self._view = view
        self._count = count
        self.digest = hashlib.sha1(view.exact(0, 12), usedforsecurity=False)
        self.at = 12
        self.walked = 0
        self.kinds: dict[str, int] = {}

    @property
    def done(self) -> bool:
        """Whether all objects were inflated."""
        return self.walked == self._count

    def objects(self) -> Iterator[tuple[int, int, str]]:
        """(at, size, kind) of streams that are objects of their own."""
        told = 0
        while self.walked < self._count and self.at < TRIED:
            reader = Reader(self._view, self.at)
            try:
                kind, wanted = self._head(reader)
                used, made = self._through(reader.at)
            except Malformed:
                return
            if made != wanted:
                return
            start, end = reader.at, reader.at + used
            for at in range(self.at, end, PIECE):
                self.digest.update(self._view.exact(at, min(PIECE, end - at)))
            self.at = end
            self.walked += 1
            self.kinds[KINDS[kind]] = self.kinds.get(KINDS[kind], 0) + 1
            if kind < 6 and made and told < CHILDREN_MOST:
                told += 1
                yield start, used, KINDS[kind]

    def _head(self, reader: Reader) -> tuple[int, int]:
        byte = reader.byte()
        kind, size, shift = byte >> 4 & 7, byte & 15, 4
        while byte & 0x80:
            byte = reader.byte()
            size |= (byte & 0x7F) << shift
            shift += 7
            reader.check(shift < 64, "a size")
        reader.check(kind in KINDS, "an object of a kind there is")
        if kind == 6:
            while reader.byte() & 0x80:
                pass
        elif kind == 7:
            reader.take(DIGEST)
        return kind, size

    def _through(self, at: int) -> tuple[int, int]:
        """(encoded, decoded) bytes of a stream."""
        stream, start, made, size = zlib.decompressobj(), at, 0, 1024
        while not stream.eof:
            data = self._view.read(at, size)
            at, size = at + len(data), min(2 * size, PIECE)
            if not data or at - start > TRIED:
                raise Malformed(self._view.offset + at, "the end of an object")
            while data and not stream.eof:
                try:
                    piece = stream.decompress(data, PIECE)
                except zlib.error as error:
                    raise Malformed(self._view.offset + at, f"a zlib stream ({error})") from error
                data = stream.unconsumed_tail
                made += len(piece)
                self._view.step(1 + len(piece) // STEP)
        return at - start - len(stream.unused_data), made


def _inflate(view: View) -> Iterator[bytes]:
    """An object's content.

    Raises:
        Malformed: the stream breaks off.
    """
    stream, at = zlib.decompressobj(), 0
    while not stream.eof:
        data = view.read(at, 64 << 10)
        at += len(data)
        if not data:
            raise Malformed(view.offset + at, "the end of an object")
        while data and not stream.eof:
            try:
                piece = stream.decompress(data, PIECE)
            except zlib.error as error:
                raise Malformed(view.offset + at, f"a zlib stream ({error})") from error
            data = stream.unconsumed_tail
            if piece:
                yield piece

"""BitTorrent's metainfo: one bencoded dictionary, whose end is where its last value ends.

https://www.bittorrent.org/beps/bep_0003.html, with the keys of BEP 12 and 52. The digests of pieces are not looked at.
"""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import Cut, Reader, told
from rorqual.analyzers.formats.stores import TORRENT
from rorqual.analyzers.formats.strings import printable
from rorqual.analyzers.formats.times import unix
from rorqual.sdk import Extent, Hit, Malformed, Room, Said, View, frozen

DEPTH_MOST = 32
TEXT_MOST = 1024
FILES_TOLD = 64
HASHED_MOST = 32 << 20
STRING_MOST = 1 << 30

Value = int | bytes | list["Value"] | dict[bytes, "Value"]  # long strings are cut


@frozen
class Torrent:
    """A metainfo file. The finding spans it."""

    tag: ClassVar[str] = "torrent"
    name: str | None
    announce: str | None
    files: tuple[str, ...]  # the first 64
    file_count: int
    size: int  # of all files
    piece_length: int
    private: bool
    created_by: str | None
    created: str | None
    comment: str | None
    info_hash: str | None  # SHA-1 of the dictionary of files


class TorrentProbe:
    """Finds metainfo files anywhere."""

    name = "torrent"
    version = 1
    wakes_on = TORRENT

    def score(self, view: View, /) -> int:
        """The first key is one there is."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        walk = _Walk(view)
        try:
            found = walk.value(0)
        except Cut:
            return
        if not isinstance(found, dict) or not isinstance(info := found.get(b"info"), dict):
            raise Malformed(hit.offset, "a dictionary with files")
        end = walk.reader.at
        start, stop = walk.places.get(b"info", (0, 0))
        digest = hashlib.sha1(usedforsecurity=False)
        if stop - start <= HASHED_MOST:
            for at in range(start, stop, 1 << 16):
                digest.update(view.exact(at, min(1 << 16, stop - at)))
        files, size = _files(info)
        length = info.get(b"piece length")
        created = found.get(b"creation date")
        yield hit.finding(
            0,
            end,
            Torrent(
                name=_text(info.get(b"name")),
                announce=_text(found.get(b"announce")),
                files=tuple(files[:FILES_TOLD]),
                file_count=len(files),
                size=size,
                piece_length=length if isinstance(length, int) else 0,
                private=info.get(b"private") == 1,
                created_by=_text(found.get(b"created by")),
                created=unix(created) if isinstance(created, int) else None,
                comment=_text(found.get(b"comment")),
                info_hash=digest.hexdigest() if stop - start <= HASHED_MOST else None,
            ),
        )
        yield Extent(0, end, "torrent", "the dictionary parses to its end")
        if b"comment" in walk.places:
            start, stop = walk.places[b"comment"]
            if told(view, start, stop - start):
                yield hit.finding(start, stop - start, Room("torrent", "comment"))


class _Walk:
    """Bencoded values, one after another; `places` are those of the outermost dictionary's values."""

    def __init__(self, view: View) -> None:
        self.reader = Reader(view)
        self.places: dict[bytes, tuple[int, int]] = {}

    def value(self, depth: int) -> Value:
        reader = self.reader
        reader.check(depth < DEPTH_MOST, f"at most {DEPTH_MOST} values in each other")
        lead = reader.peek(1)
        if lead == b"d":
            reader.skip(1)
            found: dict[bytes, Value] = {}
            while reader.peek(1) != b"e":
                key = self._string()
                start = reader.at
                found[key] = self.value(depth + 1)
                if depth == 0:
                    self.places[key] = (start, reader.at)
            reader.skip(1)
            return found
        if lead == b"l":
            reader.skip(1)
            items: list[Value] = []
            while reader.peek(1) != b"e":
                items.append(self.value(depth + 1))
            reader.skip(1)
            return items
        if lead == b"i":
            reader.skip(1)
            return self._number(b"e")
        return self._string()

    def _number(self, end: bytes) -> int:
        reader = self.reader
        raw = reader.peek(21)
        digits, mark, _ = raw.partition(end)
        if not raw:
            reader.byte()
        sound = mark == end and digits.removeprefix(b"-").isdigit()
        reader.check(sound, "a number")
        reader.skip(len(digits) + 1)
        return int(digits)

    def _string(self) -> bytes:
        reader = self.reader
        size = self._number(b":")
        reader.check(0 <= size < STRING_MOST, "a size of a string")
        data = reader.peek(min(size, TEXT_MOST))
        reader.skip(size)
        reader.reach(reader.at)
        return data


def _files(info: dict[bytes, Value]) -> tuple[list[str], int]:
    listed = info.get(b"files")
    if not isinstance(listed, list):
        size = info.get(b"length")
        return [], size if isinstance(size, int) else 0
    names, total = [], 0
    for one in listed:
        if isinstance(one, dict):
            path, size = one.get(b"path"), one.get(b"length")
            parts = [_text(part) or "" for part in path] if isinstance(path, list) else []
            names.append("/".join(parts)[:TEXT_MOST])
            total += size if isinstance(size, int) else 0
    return names, total


def _text(value: Value | None) -> str | None:
    if not isinstance(value, bytes):
        return None
    text = value.decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else printable(value)

"""Windows thumbnail caches: "CMMM", a version, a size of pictures; entries begin with "CMMM" too and hold a picture.

https://github.com/libyal/libwtcdb/blob/main/documentation/Windows%20Explorer%20Thumbnail%20Cache%20database%20format.asciidoc.
"""

import struct
from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.reader import told
from rorqual.analyzers.formats.stores import THUMBCACHE
from rorqual.sdk import Codec, Extent, Hit, Malformed, Region, Room, Said, View, frozen

HEADER, ENTRY = 24, 56
ENTRIES_MOST = 1 << 18
CHILDREN_MOST = 512
ENTRY_MOST = 64 << 20
SYSTEMS = {20: "Windows Vista", 21: "Windows 7", 30: "Windows 8", 31: "Windows 8.1", 32: "Windows 10"}
WIDE = 30  # since this version entries have width and height


@frozen
class ThumbnailCache:
    """A cache. The finding spans header and entries."""

    tag: ClassVar[str] = "thumbnail_cache"
    system: str
    kind: int  # of cache: which sizes of pictures
    entries: int
    pictures: int  # entries with data


class Thumbcache:
    """Finds thumbnail caches anywhere."""

    name = "thumbcache"
    version = 1
    wakes_on = THUMBCACHE

    def score(self, view: View, /) -> int:
        """A first entry right behind the header."""
        return int(int.from_bytes(view.read(12, 4), "little") in (24, 28, 32))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        version, kind, at = struct.unpack("<3I", view.exact(4, 12))
        entries, pictures = 0, list[tuple[int, int, str]]()
        extra = 8 if version >= WIDE else 0
        rooms: list[tuple[int, int]] = []
        while entries < ENTRIES_MOST:
            view.step()
            head = view.read(at, ENTRY + 8)
            size = int.from_bytes(head[4:8], "little")
            if len(head) < 48 or head[:4] != b"CMMM" or not 48 <= size <= ENTRY_MOST or not view.holds(at + size - 1):
                break
            identifier = head[8:16].hex()
            name, padding, data = struct.unpack_from("<3I", head, 16 if version > 20 else 24)
            start = at + size - data if name + padding + data <= size - 40 - extra else at
            if data and start > at:
                pictures.append((start, data, identifier))
                if padding >= 8 and len(rooms) < 64:
                    rooms.append((start - padding, padding))
            at += size
            entries += 1
        if not entries:
            raise Malformed(hit.offset + HEADER, "an entry")
        name = SYSTEMS.get(version, str(version))
        yield hit.finding(0, at, ThumbnailCache(name, kind, entries, len(pictures)))
        yield Extent(0, at, "thumbcache", "entries follow each other to the end")
        for start, size in rooms:
            if told(view, start, size):
                yield hit.finding(start, size, Room("thumbcache", "padding"))
        for start, size, identifier in pictures[:CHILDREN_MOST]:
            yield Region(start, size, "thumbnail", Codec("thumbcache", None), name=identifier)

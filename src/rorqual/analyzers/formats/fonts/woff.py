"""WOFF fonts, version 1: a header with the file's length, a directory, tables that may be compressed with zlib.

https://www.w3.org/TR/WOFF/. Metadata and private data may follow the tables.
"""

from collections.abc import Iterator
from typing import ClassVar
from zlib import decompressobj, error

from rorqual.analyzers.formats.images.walking import Found, gaps, inflated, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER, ENTRY = 44, 20
MOST = 512  # tables
CEILING = 1 << 28
TRIED = 64 << 10  # bytes of each compressed table that are decoded, up to four times so many in all


@frozen
class WOFFFont:
    """A font; the finding spans it as far as it is there."""

    tag: ClassVar[str] = "woff_font"
    flavour: str
    version: str
    tables: tuple[str, ...]
    decoded: int  # bytes of the font it stands for
    metadata: int  # bytes
    private: int  # bytes


class WOFF:
    """Finds WOFF fonts anywhere."""

    name = "woff"
    version = 1
    wakes_on = (Anchor(rb"wOFF[\x00-\xff]{4}[\x00-\x0f][\x00-\xff]{3}[\x00\x01][\x00-\xff]\x00\x00"),)

    def score(self, view: View, /) -> int:
        """Sizes that can be."""
        head = view.read(8, 12)
        return int(len(head) == 12 and HEADER < int.from_bytes(head[:4], "big") < CEILING)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found = hit.view, Found("woff")
        head = view.exact(0, HEADER)
        length, count = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:14], "big")
        if not HEADER < length < CEILING or not 0 < count <= MOST:
            raise Malformed(hit.offset + 8, f"a length, and 1 to {MOST} tables")
        metadata, packed, _, private, extra = (int.from_bytes(head[at : at + 4], "big") for at in range(24, 44, 4))
        data, names, spans, tried = view.exact(HEADER, ENTRY * count), [], [(0, HEADER + ENTRY * count)], 0
        for start in range(0, len(data), ENTRY):
            view.step()
            tag = data[start : start + 4]
            at, size, whole = (int.from_bytes(data[p : p + 4], "big") for p in range(start + 4, start + 16, 4))
            if at < HEADER + ENTRY * count or at + size > length or size > whole:
                raise Malformed(hit.offset + HEADER + start, f"a table within {length} bytes")
            names.append(latin(tag))
            spans.append((at, at + size))
            if size < whole and tried < 4 * TRIED:
                tried += _try(view, at, size)
        for at, size, use in ((metadata, packed, "metadata"), (private, extra, "private")):
            if size and (at < HEADER or at + size > length):
                raise Malformed(hit.offset + 24, f"{use} within {length} bytes")
            if size:
                spans.append((at, at + size))
                found.room(at, size, use)
        if packed:
            found.child(inflated(metadata, packed, "woff-metadata", None))
        present = view.within(0, length)
        version = f"{int.from_bytes(head[20:22], 'big')}.{int.from_bytes(head[22:24], 'big')}"
        decoded = int.from_bytes(head[16:20], "big")
        body = WOFFFont(_flavour(head[4:8]), version, tuple(names), decoded, packed, extra)
        yield hit.finding(0, present, body)
        if present < length:
            return
        proof = f"{count} tables within the length in the header" + (", the first decode" if tried else "")
        yield Extent(0, length, "woff", proof)
        for at, size in gaps(spans, length):
            found.room(at, size, "unused")
        yield from found.said(hit)


def _flavour(tag: bytes) -> str:
    return {b"OTTO": "otf", b"ttcf": "ttc"}.get(tag, "ttf")


def _try(view: View, at: int, size: int) -> int:
    """Decodes the beginning of a table; how much of it was tried.

    Raises:
        Malformed: it does not decode.
    """
    data = view.read(at, min(size, TRIED))
    try:
        decompressobj().decompress(data, TRIED)
    except error as why:
        raise Malformed(view.offset + at, f"a compressed table ({why})") from why
    return len(data)

"""Collections of TrueType and OpenType fonts: a header with the places of directories, which share tables.

OpenType 1.9, "Font Collections". The end is that of the furthest table.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.fonts.sfnt import ENTRY, HEADER, directory, facts, has_head
from rorqual.analyzers.formats.images.walking import Found, gaps
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MOST = 256  # fonts
TTC_HEADER = 12


@frozen
class FontCollection:
    """A collection; the finding spans it."""

    tag: ClassVar[str] = "font_collection"
    version: int
    fonts: int
    families: tuple[str, ...]
    signed: bool


class TTC:
    """Finds font collections anywhere."""

    name = "ttc"
    version = 1
    wakes_on = (Anchor(rb"ttcf\x00[\x01\x02]\x00\x00\x00\x00"),)

    def score(self, view: View, /) -> int:
        """A few fonts."""
        count = int.from_bytes(view.read(8, 4), "big")
        return int(0 < count <= MOST)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(0, TTC_HEADER)
        count = int.from_bytes(head[8:], "big")
        if not 0 < count <= MOST:
            raise Malformed(hit.offset + 8, f"1 to {MOST} fonts")
        places, begins = view.exact(TTC_HEADER, 4 * count), TTC_HEADER + 4 * count
        spans, families, end = [], [], 0
        signature = view.read(begins, 12) if head[5] == 2 else b""
        if signature[:4] in (b"DSIG", bytes(4)) and len(signature) == 12:
            begins += 12
        for at in range(0, len(places), 4):
            place = int.from_bytes(places[at : at + 4], "big")
            tables = directory(view, place)
            if not has_head(view, tables):
                raise Malformed(hit.offset + place, 'a table "head"')
            spans.append((place, place + HEADER + ENTRY * len(tables)))
            spans += ((one.at, one.at + one.size) for one in tables)
            families.append(facts(view, tables).family or "")
        signed = signature[:4] == b"DSIG"
        if signed:
            start = int.from_bytes(signature[8:], "big")
            spans.append((start, start + int.from_bytes(signature[4:8], "big")))
        end = max(stop for _, stop in spans)
        body = FontCollection(head[5], count, tuple(families[:16]), signed)
        present = view.within(0, end)
        yield hit.finding(0, present, body)
        if present < end:
            return
        padding = -end % 4
        if view.read(end, padding) == bytes(padding):
            end += padding
        yield Extent(0, end, "ttc", f"{count} directories with the places of their tables")
        found = Found("ttc")
        for at, size in gaps([(0, begins), *spans], end):
            found.room(at, size, "unused")
        yield from found.said(hit)

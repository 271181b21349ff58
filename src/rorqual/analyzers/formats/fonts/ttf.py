"""TrueType and OpenType fonts: a directory of tables, and the tables.

OpenType 1.9 (https://learn.microsoft.com/typography/opentype/spec/otff). The end is that of the furthest table, with
zeros up to a multiple of four. Outlines and instructions are not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.fonts.sfnt import ENTRY, HEADER, KNOWN, VERSIONS, checksums, directory, facts, has_head
from rorqual.analyzers.formats.images.walking import Found, gaps, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen


@frozen
class FontFile:
    """A font; the finding spans directory and tables."""

    tag: ClassVar[str] = "font_file"
    outlines: str  # "ttf" or "otf"
    family: str | None
    style: str | None
    version: str | None
    maker: str | None
    glyphs: int
    embedding: int | None  # fsType: 0 installable, 2 restricted, 4 preview and print, 8 editable
    tables: tuple[str, ...]
    checksums: int  # that hold, of those looked at


class TTF:
    """Finds fonts anywhere; those of a collection belong to it."""

    name = "ttf"
    version = 1
    wakes_on = (
        Anchor(
            rb"\x00\x01\x00\x00\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07][\x00-\x10][\x00-\xff][\x20-\x7e]{4}"
        ),
        Anchor(rb"OTTO\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
        Anchor(rb"true\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
        Anchor(rb"typ1\x00[\x01-\x7f][\x00-\x10][\x00-\xff]\x00[\x00-\x07]"),
    )

    def score(self, view: View, /) -> int:
        """The first entry has a tag, and a place behind the directory."""
        head = view.read(0, HEADER + ENTRY)
        if len(head) < HEADER + ENTRY:
            return 0
        at = int.from_bytes(head[20:24], "big")
        return int(at >= HEADER + ENTRY * head[5] and at < 1 << 30)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        tables = directory(view, 0)
        begins = HEADER + ENTRY * len(tables)
        if not has_head(view, tables):
            raise Malformed(hit.offset + HEADER, 'a table "head"')
        end = max(one.at + one.size for one in tables)
        format, known = VERSIONS[view.read(0, 4)], facts(view, tables)
        whole = view.holds(end - 1) and min(one.at for one in tables) >= begins
        sound, broken = checksums(view, tables) if whole else (0, [])
        padding = -end % 4
        if whole and view.read(end, padding) == bytes(padding):
            end += padding
        names = tuple(latin(one.tag) for one in tables)
        body = FontFile(
            outlines=format,
            family=known.family,
            style=known.style,
            version=known.version,
            maker=known.maker,
            glyphs=known.glyphs,
            embedding=known.embedding,
            tables=names,
            checksums=sound,
        )
        yield hit.finding(0, view.within(0, end), body)
        if not whole:
            return
        found = Found(format)
        yield Extent(0, end, format, f"{len(tables)} tables with their places, {sound} checksums hold")
        for one in broken:
            proof = f"{latin(one.tag)}: stored {one.checksum:08x}"
            found.anomaly(one.at, one.size, "font_checksum_wrong", proof)
        for one in tables:
            if one.tag not in KNOWN:
                found.room(one.at, one.size, "private")
        spans = [(0, begins), *((one.at, one.at + one.size) for one in tables)]
        for at, size in gaps(spans, end):
            found.room(at, size, "unused")
        yield from found.said(hit)

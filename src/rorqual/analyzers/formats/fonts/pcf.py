"""Bitmap fonts of X11 (PCF): a directory of tables with formats, sizes and places; little-endian.

https://fontforge.org/docs/techref/pcf-format.html. The glyphs are not looked into.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.images.walking import Found, gaps
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER, ENTRY = 8, 16
TYPES = {
    1: "properties", 2: "accelerators", 4: "metrics", 8: "bitmaps", 16: "ink metrics", 32: "encodings",
    64: "swidths", 128: "names", 256: "bdf accelerators",
}  # fmt: skip
CEILING = 1 << 28


@frozen
class PCFFont:
    """A font; the finding spans directory and tables."""

    tag: ClassVar[str] = "pcf_font"
    tables: tuple[str, ...]


class PCF:
    """Finds bitmap fonts of X11 anywhere."""

    name = "pcf"
    version = 1
    wakes_on = (Anchor(rb"\x01fcp[\x01-\x10]\x00\x00\x00"),)

    def score(self, view: View, /) -> int:
        """A table there is."""
        return int(int.from_bytes(view.read(HEADER, 4), "little") in TYPES)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        count = view.exact(4, 1)[0]
        data, names, spans = view.exact(HEADER, ENTRY * count), [], [(0, HEADER + ENTRY * count)]
        for start in range(0, len(data), ENTRY):
            kind, format, size, at = (int.from_bytes(data[p : p + 4], "little") for p in range(start, start + 16, 4))
            if kind not in TYPES or at < spans[0][1] or at + size > CEILING:
                raise Malformed(hit.offset + HEADER + start, "a table behind the directory")
            if int.from_bytes(view.exact(at, 4), "little") != format:
                raise Malformed(hit.offset + at, "the format that the directory tells")
            names.append(TYPES[kind])
            spans.append((at, at + size))
        end = max(stop for _, stop in spans)
        present = view.within(0, end)
        yield hit.finding(0, present, PCFFont(tuple(names)))
        if present < end:
            return
        padding = -end % 4
        if view.read(end, padding) == bytes(padding):
            end += padding
        yield Extent(0, end, "pcf", f"{count} tables begin with the formats that the directory tells")
        found = Found("pcf")
        for at, size in gaps(spans, end):
            found.room(at, size, "unused")
        yield from found.said(hit)

"""Fonts in the bare Compact Font Format, version 1: a header, four indexes, and what their dictionaries lead to.

Adobe Technical Note 5176. The end is that of the furthest part. The CFF table of an OpenType font belongs to that
font. Charstrings are not looked into; sets of several fonts are not handled.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.fonts.cff_index import dictionary, index, item
from rorqual.analyzers.formats.images.walking import Found, gaps, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

HEADER = 4
VERSION, NOTICE, FULL, CHARSET, ENCODING, CHARSTRINGS, PRIVATE, SUBRS = 0, 1, 2, 15, 16, 17, 18, 19
ROS, FD_ARRAY, FD_SELECT = 1230, 1236, 1237
STANDARD = 391  # strings that have numbers and stand nowhere
LOOKED_BACK = 64 << 10  # bytes: where an OpenType font with this as a table would begin
MOST_BEFORE = 16  # such beginnings that are looked at


@frozen
class CFFFont:
    """A font; the finding spans it."""

    tag: ClassVar[str] = "cff_font"
    name: str
    version: str | None
    notice: str | None
    full_name: str | None
    glyphs: int
    cid_keyed: bool


class CFF:
    """Finds bare CFF fonts anywhere."""

    name = "cff"
    version = 1
    wakes_on = (Anchor(rb"\x01\x00\x04[\x01-\x04]\x00\x01\x01\x01[\x02-\x7f][\x21-\x7e]"),)

    def score(self, view: View, /) -> int:
        """A name in print."""
        size = view.read(8, 1)
        name = view.read(9, size[0] - 1) if size else b""
        return int(bool(name) and all(0x21 <= one < 0x7F for one in name))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        if _in_opentype(view):
            return
        names = index(view, HEADER)
        tops = index(view, names.end)
        strings = index(view, tops.end)
        subrs = index(view, strings.end)
        if names.objects != 1 or tops.objects != 1:
            raise Malformed(hit.offset + HEADER, "one font")
        top = dictionary(view, *item(view, tops, 0))
        spans = [(0, subrs.end)]
        glyphs = _parts(view, top, spans)
        end = max(stop for _, stop in spans)
        texts = []
        for key in (VERSION, NOTICE, FULL):
            number = (top.get(key) or [0])[0] - STANDARD
            texts.append(latin(_bytes(view, item(view, strings, number))) if 0 <= number < strings.objects else None)
        present = view.within(0, end)
        name = latin(_bytes(view, item(view, names, 0)))
        version, notice, full = texts
        yield hit.finding(0, present, CFFFont(name, version, notice, full, glyphs, ROS in top))
        if present < end:
            return
        yield Extent(0, end, "cff", f"indexes and dictionaries lead to {glyphs} glyphs and the end")
        found = Found("cff")
        for at, size in gaps(spans, end):
            found.room(at, size, "unused")
        yield from found.said(hit)


def _bytes(view: View, place: tuple[int, int]) -> bytes:
    return view.read(place[0], min(place[1], 512))


def _parts(view: View, top: dict[int, list[int]], spans: list[tuple[int, int]]) -> int:
    """Takes the spans of what the font's dictionary leads to; the count of glyphs."""
    at = (top.get(CHARSTRINGS) or [0])[0]
    if at < HEADER:
        raise Malformed(view.offset, "a place of the charstrings")
    glyphs = index(view, at)
    if not glyphs.objects:
        raise Malformed(view.offset + at, "glyphs")
    spans.append((at, glyphs.end))
    _private(view, top, spans)
    if (charset := (top.get(CHARSET) or [0])[0]) > 2:
        spans.append((charset, _charset_end(view, charset, glyphs.objects)))
    if (encoding := (top.get(ENCODING) or [0])[0]) > 1:
        spans.append((encoding, _encoding_end(view, encoding)))
    if (fonts := (top.get(FD_ARRAY) or [0])[0]) > 0:
        array = index(view, fonts)
        spans.append((fonts, array.end))
        for number in range(min(array.objects, 256)):
            _private(view, dictionary(view, *item(view, array, number)), spans)
    if (select := (top.get(FD_SELECT) or [0])[0]) > 0:
        format = view.exact(select, 3)
        size = 1 + glyphs.objects if format[0] == 0 else 5 + 3 * int.from_bytes(format[1:], "big")
        spans.append((select, select + size))
    return glyphs.objects


def _private(view: View, of: dict[int, list[int]], spans: list[tuple[int, int]]) -> None:
    """The dictionary that is a font's own, and its subroutines."""
    size, at = (of.get(PRIVATE) or [0, 0])[:2] if len(of.get(PRIVATE) or ()) > 1 else (0, 0)
    if size <= 0 or at < HEADER:
        return
    spans.append((at, at + size))
    subrs = (dictionary(view, at, size).get(SUBRS) or [0])[0]
    if subrs > 0:
        spans.append((at + subrs, index(view, at + subrs).end))


def _charset_end(view: View, at: int, glyphs: int) -> int:
    """Section 13: names of all glyphs but the first, or ranges of them."""
    format = view.exact(at, 1)[0]
    at += 1
    if format == 0:
        return at + 2 * (glyphs - 1)
    if format > 2:
        raise Malformed(view.offset + at, "a charset of format 0 to 2")
    left = glyphs - 1
    while left > 0:
        view.step()
        left -= 1 + int.from_bytes(view.exact(at + 2, format), "big")
        at += 2 + format
    return at


def _encoding_end(view: View, at: int) -> int:
    """Section 12: codes or ranges of them, and what supplements these."""
    head = view.exact(at, 2)
    end = at + 2 + head[1] * (1 + (head[0] & 1))
    return end + 1 + 3 * view.exact(end, 1)[0] if head[0] & 0x80 else end


def _in_opentype(view: View) -> bool:
    """Whether an OpenType font that begins before has this as a table."""
    back = min(LOOKED_BACK, view.offset)
    before = view.sub(-back).read(0, back)
    at = len(before)
    for _ in range(MOST_BEFORE):
        at = before.rfind(b"OTTO\0", 0, at)
        if at < 0:
            break
        view.step()
        entry = before.find(b"CFF ", at, at + 12 + 16 * 64)
        if entry >= 0 and int.from_bytes(before[entry + 8 : entry + 12], "big") + at == back:
            return True
    return False

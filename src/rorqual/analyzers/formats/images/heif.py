"""HEIF and AVIF images: boxes from "ftyp" on with a brand of theirs, and a "meta" box of items.

ISO/IEC 23008-12 and the AV1 image format. The pictures are not decoded; films of other brands are another format.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.images.boxes import Box, boxes
from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.walking import Found, as_it_is, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

AVIF, HEIC = (b"avif", b"avis", b"avio"), (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
KNOWN = frozenset(b"ftyp styp meta mdat moov moof mfra free skip wide uuid idat pdin sidx mvex".split())
MOST_ITEMS = 1024
META = 1 << 20  # bytes of an index that are read


@frozen
class HEIFImage:
    """An image or sequence; the finding spans its boxes."""

    tag: ClassVar[str] = "heif_image"
    brand: str
    compatible: tuple[str, ...]
    width: int
    height: int
    items: int
    item_types: tuple[str, ...]
    boxes: tuple[str, ...]


@dataclass(slots=True)
class _Index:
    types: dict[int, bytes] = field(default_factory=dict)  # of items, by number
    places: list[tuple[int, int, int]] = field(default_factory=list)  # (item, at, size)
    sides: tuple[int, int] = (0, 0)
    pictures: bool = False


class HEIF:
    """Finds HEIF and AVIF images anywhere."""

    name = "heif"
    version = 1
    wakes_on = (
        Anchor(
            rb"\x00\x00[\x00-\x01][\x00-\xff]ftyp(?:heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|mif2|msf1|avif|avis|avio)"
        ),
    )

    def score(self, view: View, /) -> int:
        """A size that a list of brands has, and another box behind it."""
        size = int.from_bytes(view.read(0, 4), "big")
        return int(16 <= size <= 512 and size % 4 == 0 and view.read(size + 4, 4).isalnum())

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view, found, index = hit.view, Found("heif"), _Index()
        names: list[str] = []
        brands, end, data = b"", 0, False
        for one in boxes(view, 0):
            if (names and one.type == b"ftyp") or (one.type not in KNOWN and not one.type.isalnum()):
                break
            if one.type == b"ftyp":
                brands = view.read(one.start, min(one.size, 512))
            elif one.type == b"meta":
                _meta(index, view, one)
            elif one.type in (b"free", b"skip", b"wide"):
                found.room(one.start, one.size, "unused")
            elif one.type == b"uuid" or one.type not in KNOWN:
                found.room(one.start, one.size, "private")
            data = data or one.type in (b"mdat", b"idat")
            if len(names) < 64:
                names.append(latin(one.type))
            end = one.end
        if not index.pictures and "moov" not in names:
            raise Malformed(hit.offset + end, "a box of items")
        each = [brands[at : at + 4] for at in (0, *range(8, len(brands), 4))]
        kinds = sorted({latin(kind) for kind in index.types.values()})[:32]
        body = HEIFImage(
            latin(each[0]), tuple(map(latin, each[1:32])), *index.sides, len(index.types), tuple(kinds), tuple(names)
        )
        yield hit.finding(0, end, body)
        format = "avif" if set(each) & set(AVIF) else "heic" if set(each) & set(HEIC) else "heif"
        reached = all(at + size <= end for _, at, size in index.places)
        if reached and (data or not index.places):
            yield Extent(0, end, format, f"{len(names)} boxes hold all {len(index.places)} places of items")
        for item, at, size in index.places:
            if at + size > end:
                continue
            kind = index.types.get(item)
            if kind == b"Exif" and size > 4:
                yield from exif(hit, at + 4, size - 4)
            if kind in (b"Exif", b"mime"):
                found.room(at, size, "metadata")
                if kind == b"mime":
                    found.child(as_it_is(at, size, "heif-item"))
        yield from found.said(hit)


def _meta(index: _Index, view: View, meta: Box) -> None:
    """The items: what they are ("iinf") and where ("iloc"), in a full box."""
    for one in boxes(view, meta.start + 4, meta.end):
        data = view.read(one.start, min(one.size, META))
        if one.type == b"hdlr":
            index.pictures = data[8:12] == b"pict"
        elif one.type == b"iinf" and len(data) > 8:
            for entry in boxes(view, one.start + (6 if data[0] == 0 else 8), one.end):
                fields = view.read(entry.start, 16)
                wide = 4 if fields[:1] == b"\3" else 2
                if entry.type == b"infe" and fields[:1] in (b"\2", b"\3") and len(index.types) < MOST_ITEMS:
                    index.types[int.from_bytes(fields[4 : 4 + wide], "big")] = fields[6 + wide : 10 + wide]
        elif one.type == b"iloc" and len(data) > 8:
            index.places = list(_places(view, data))
        elif one.type == b"iprp":
            for part in boxes(view, one.start, one.end):
                for shape in boxes(view, part.start, part.end) if part.type == b"ipco" else ():
                    if shape.type == b"ispe":
                        sides = view.read(shape.start + 4, 8)
                        found = int.from_bytes(sides[:4], "big"), int.from_bytes(sides[4:], "big")
                        index.sides = max(index.sides, found)


def _places(view: View, data: bytes) -> Iterator[tuple[int, int, int]]:
    """(item, at, size) of what stands in the file itself (ISO/IEC 14496-12 section 8.11.3)."""
    version, wide = data[0], 4 if data[0] == 2 else 2
    offset, length, base, index = data[4] >> 4, data[4] & 15, data[5] >> 4, data[5] & 15 if version else 0
    at = 6 + wide
    for _ in range(min(int.from_bytes(data[6:at], "big"), MOST_ITEMS)):
        view.step()
        item = int.from_bytes(data[at : at + wide], "big")
        at += wide
        method = data[at + 1] & 15 if version and at + 1 < len(data) else 0
        at += (2 if version else 0) + 2
        start = int.from_bytes(data[at : at + base], "big")
        count = int.from_bytes(data[at + base : at + base + 2], "big")
        at += base + 2
        for _ in range(min(count, MOST_ITEMS)):
            at += index
            place = start + int.from_bytes(data[at : at + offset], "big")
            size = int.from_bytes(data[at + offset : at + offset + length], "big")
            at += offset + length
            if at > len(data):
                return
            if method == 0 and size:
                yield item, place, size

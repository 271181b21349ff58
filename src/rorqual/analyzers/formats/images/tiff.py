"""TIFF images and what is built on them (DNG, Canon's CR2), and BigTIFF: a header and directories in a chain.

TIFF 6.0 (Adobe, 1992), the BigTIFF design, DNG 1.7. There is no length: the end is that of the furthest bytes a
directory refers to. EXIF blocks, which have no image of their own, belong to the picture they stand in. Maker notes
and other makers' raw formats that changed the magic number are not handled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.images import tiff_ifd as ifd
from rorqual.analyzers.formats.images.walking import Found, as_it_is, gaps
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

MOST_DIRECTORIES = 4096
MOST_SPANS = 65_536  # strips and tiles of a directory whose places are kept
MOST_KEPT = 4096  # spans between which gaps are told
CEILING = 1 << 45
POINTERS = (ifd.SUB_IFDS, ifd.EXIF_IFD, ifd.GPS_IFD, ifd.INTEROP_IFD)
BLOBS = {700: "metadata", 33723: "metadata", 34377: "metadata", 34675: "metadata", 37500: "private", 50740: "private"}
PARTS = ((ifd.STRIP_OFFSETS, ifd.STRIP_SIZES), (ifd.TILE_OFFSETS, ifd.TILE_SIZES), (ifd.JPEG_AT, ifd.JPEG_SIZE))
COMPRESSIONS = {
    1: "none", 2: "CCITT RLE", 3: "CCITT group 3", 4: "CCITT group 4", 5: "LZW", 6: "old JPEG", 7: "JPEG", 8: "deflate",
    32773: "PackBits", 32946: "deflate", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA", 50000: "Zstandard",
    50001: "WebP",
}  # fmt: skip


@frozen
class TIFFImage:
    """An image file; the finding spans all that its directories refer to, as far as it is there."""

    tag: ClassVar[str] = "tiff_image"
    little_endian: bool
    big: bool
    directories: int  # images and parts of their description
    width: int
    height: int
    depth: int  # bits a sample
    samples: int
    compression: str
    make: str | None
    model: str | None
    software: str | None
    modified: str | None
    artist: str | None
    description: str | None


@dataclass(slots=True)
class _Walk:
    found: Found
    spans: list[tuple[int, int]] = field(default_factory=list)  # at, end
    end: int = 0
    main: dict[int, ifd.Entry] = field(default_factory=dict)
    directories: int = 0
    image: bool = False
    dng: bool = False

    def span(self, at: int, size: int) -> None:
        """Takes bytes that are referred to."""
        self.end = max(self.end, at + size)
        if self.spans and self.spans[-1][1] == at:
            self.spans[-1] = (self.spans[-1][0], at + size)
        elif len(self.spans) < MOST_SPANS:
            self.spans.append((at, at + size))


class TIFF:
    """Finds TIFF structures anywhere."""

    name = "tiff"
    version = 1
    wakes_on = (
        Anchor(rb"II\x2a\x00[\x00-\xff]{4}"),
        Anchor(rb"MM\x00\x2a[\x00-\xff]{4}"),
        Anchor(rb"II\x2b\x00\x08\x00\x00\x00"),
        Anchor(rb"MM\x00\x2b\x00\x08\x00\x00"),
    )

    def score(self, view: View, /) -> int:
        """The first directory has a count of entries, and a first tag of those that come first."""
        head = view.read(0, 16)
        if len(head) < 16:
            return 0
        tiff = ifd.Directories(view, head[0] == 0x49, big=0x2B in head[2:4])
        first = tiff.number(head[8:16] if tiff.big else head[4:8])
        entry = view.read(first, 12 if tiff.big else 4) if first >= 8 else b""
        if len(entry) < 4:
            return 0
        count, tag = tiff.number(entry[:-2] if not tiff.big else entry[:8]), tiff.number(entry[-2:])
        if tiff.big:
            tag = tiff.number(entry[8:10])
        return int(0 < count <= ifd.MOST_ENTRIES and (254 <= tag < 330 or tag in (11, 1, 330)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        tiff = ifd.directories(view)
        walk = _Walk(Found("tiff"))
        walk.span(0, 16 if tiff.big else 8)
        _walk(walk, tiff)
        if not walk.image:
            raise Malformed(hit.offset, "a directory of an image")
        present = view.within(0, walk.end)
        yield hit.finding(0, present, _body(walk, tiff))
        if present < walk.end:
            return
        format = "dng" if walk.dng else "cr2" if view.read(8, 2) == b"CR" else "tiff"
        yield Extent(0, walk.end, format, f"all that {walk.directories} directories refer to is there")
        if len(walk.spans) <= MOST_KEPT:
            for at, size in gaps(walk.spans, walk.end):
                walk.found.room(at, size, "unused")
        yield from walk.found.said(hit)


def _body(walk: _Walk, tiff: ifd.Directories) -> TIFFImage:
    main = walk.main
    compression = tiff.one(main.get(ifd.COMPRESSION), 1)
    return TIFFImage(
        little_endian=tiff.little,
        big=tiff.big,
        directories=walk.directories,
        width=tiff.one(main.get(ifd.IMAGE_WIDTH)),
        height=tiff.one(main.get(ifd.IMAGE_LENGTH)),
        depth=tiff.one(main.get(ifd.BITS), 1),
        samples=tiff.one(main.get(ifd.SAMPLES), 1),
        compression=COMPRESSIONS.get(compression, str(compression)),
        make=tiff.text(main.get(ifd.MAKE)),
        model=tiff.text(main.get(ifd.MODEL)),
        software=tiff.text(main.get(ifd.SOFTWARE)),
        modified=tiff.text(main.get(ifd.DATE)),
        artist=tiff.text(main.get(ifd.ARTIST)),
        description=tiff.text(main.get(ifd.DESCRIPTION)),
    )


def _walk(walk: _Walk, tiff: ifd.Directories) -> None:
    """Follows the chain, and the directories below it."""
    waiting, seen = [(tiff.first(), True)], set[int]()
    while waiting:
        at, chained = waiting.pop()
        if at in seen or not 8 <= at < CEILING:
            if at in seen and chained:
                walk.found.anomaly(at, 2, "tiff_directories_loop", f"the chain leads to {at:#x} again")
            continue
        if len(seen) >= MOST_DIRECTORIES:
            raise Malformed(tiff.view.offset + at, f"at most {MOST_DIRECTORIES} directories")
        seen.add(at)
        tiff.view.step()
        try:
            entries, following = tiff.entries(at)
        except Malformed:
            if not walk.directories or (chained and not walk.image):
                raise
            walk.found.anomaly(0, 8, "tiff_directory_broken", f"no directory at {at:#x}")
            continue
        walk.directories += 1
        walk.span(at, tiff.size(len(entries)))
        if chained and following:
            waiting.append((following, True))
        waiting += ((below, False) for below in _directory(walk, tiff, entries))


def _directory(walk: _Walk, tiff: ifd.Directories, entries: list[ifd.Entry]) -> list[int]:
    """Notes what one directory refers to; the directories below it."""
    by_tag = {entry.tag: entry for entry in entries}
    below: list[int] = []
    for entry in entries:
        tiff.view.step()
        if entry.size >= CEILING or entry.at >= CEILING:
            raise Malformed(tiff.view.offset + entry.at, "a value in reach")
        if not entry.inline:
            walk.span(entry.at, entry.size)
            if entry.tag in BLOBS:
                walk.found.room(entry.at, entry.size, BLOBS[entry.tag])
            elif entry.type == 2:
                walk.found.room(entry.at, entry.size, "metadata")
        if entry.tag in POINTERS:
            below += tiff.numbers(entry, 64)
        walk.dng = walk.dng or entry.tag == ifd.DNG_VERSION
    if 34675 in by_tag and not by_tag[34675].inline:
        walk.found.child(as_it_is(by_tag[34675].at, by_tag[34675].size, "tiff-profile"))
    for places, sizes in PARTS:
        if places not in by_tag:
            continue
        first, second = by_tag[places], by_tag.get(sizes)
        whole = ifd.IMAGE_WIDTH in by_tag and ifd.IMAGE_LENGTH in by_tag and places != ifd.JPEG_AT
        if whole and not walk.image:
            walk.image, walk.main = True, by_tag
        if second is None:
            if first.many == 1 and whole:
                walk.span(tiff.one(first), _raw(tiff, by_tag))
            continue
        for at, size in zip(tiff.numbers(first, MOST_SPANS), tiff.numbers(second, MOST_SPANS), strict=False):
            tiff.view.step()
            if size and at:
                walk.span(at, size)
    return below


def _raw(tiff: ifd.Directories, by_tag: dict[int, ifd.Entry]) -> int:
    """Bytes of one strip whose size is not said: that of the pixels, where they are not compressed."""
    if tiff.one(by_tag.get(ifd.COMPRESSION), 1) != 1:
        return 0
    width, height = tiff.one(by_tag.get(ifd.IMAGE_WIDTH)), tiff.one(by_tag.get(ifd.IMAGE_LENGTH))
    bits = tiff.one(by_tag.get(ifd.BITS), 1) * tiff.one(by_tag.get(ifd.SAMPLES), 1)
    return (width * bits + 7) // 8 * height if width * bits < 1 << 32 and height < 1 << 32 else 0

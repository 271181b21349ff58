"""MP4, 3GPP and QuickTime: boxes of the ISO base media format, "ftyp" first or, in QuickTime, none of it.

ISO/IEC 14496-12; https://developer.apple.com/documentation/quicktime-file-format. Pictures (HEIF, AVIF) are told by
other probes. Not handled: compressed movie headers, single segments of a stream, samples.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.boxes import MOST, Box, box
from rorqual.analyzers.formats.audiovisual.movie import JUNK, Movie, movie, rooms
from rorqual.analyzers.gated import BEGINNINGS
from rorqual.sdk import Anchor, Anomaly, Closed, Codec, Extent, Finding, Hit, Malformed, Region, Said, View, frozen

PICTURES = {  # brands of other probes
    *(
        "mif1",
        "msf1",
        "heic",
        "heix",
        "heim",
        "heis",
        "hevc",
        "hevx",
        "avif",
        "avis",
        "miaf",
        "jp2",
        "jpx",
        "jpm",
        "jxl",
    ),
    *("avci", "avcs", "MiHE", "MiHB"),
}
AUDIO = {"M4A", "M4B", "M4P"}
USED = {"ftyp", "moov", "mdat", "moof", "mfra", "sidx", "ssix", "styp", "pdin", "prft", "emsg", "pnot", "PICT"}
METADATA = {"meta", "udta", "uuid", "XMP_"}
LEADING = 64  # boxes before "ftyp"
TOLD = 64


@frozen
class MP4Movie:
    """A file; the finding spans its boxes as far as they are there."""

    tag: ClassVar[str] = "mp4_movie"
    brand: str | None  # None: there is no "ftyp"
    compatible: tuple[str, ...]
    seconds: float | None
    created: int | None  # seconds since 1904, UTC
    tracks: tuple[str, ...]
    fragmented: bool
    boxes: tuple[str, ...]  # names of the first


class MP4:
    """Finds "ftyp" anywhere, and files without it where a source or a gap begins."""

    name = "mp4"
    version = 1
    wakes_on = (Anchor(rb"\x00\x00[\x00-\x03][\x00-\xff]ftyp[\x20-\x7e]{4}"), *BEGINNINGS)

    def score(self, view: View, /) -> int:
        """A brand that is not of pictures."""
        return int(_text(view.read(8, 4)) not in PICTURES)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        found, end = _walk(view)
        if isinstance(hit.trigger, Anchor) and hit.offset and _led_to(view):
            raise Malformed(view.offset, "the first box of a file")
        types = [one for one in found if one.name == "ftyp"]
        moov = next((one for one in found if one.name == "moov" and one.present == one.size), None)
        brand = _text(view.read(types[0].data, 4)) if types else None
        if moov is None or (brand in PICTURES) or not ({"mdat", "moof", "ftyp"} & {one.name for one in found}):
            if moov is None and types and any(one.name == "mdat" for one in found) and brand not in PICTURES:
                yield hit.finding(0, end, _facts(view, found, types, brand, None))  # what was to follow is cut off
            raise Malformed(view.offset, "a movie box")
        said = movie(view, moov)
        if not said.header:
            raise Malformed(view.offset + moov.data, "a movie header")
        yield hit.finding(0, end, _facts(view, found, types, brand, said))
        cut = found[-1].present < found[-1].size
        if not cut:
            kind = _format(brand)
            yield Extent(0, end, kind, "boxes follow each other to the end, a movie header among them")
            yield from _rooms(hit, found, said, kind)
        for one in found if said.encrypted else ():
            if one.name == "mdat":
                yield Closed(one.data, max(0, one.at + one.present - one.data), "encrypted samples")
        for at, size in said.pictures:
            yield Region(at, size, "mp4-picture", Codec("mp4-picture", None), name="cover")


def _walk(view: View) -> tuple[list[Box], int]:
    """The boxes at the top and where what is there of them ends."""
    found: list[Box] = []
    at = 0
    while len(found) < MOST:
        view.step()
        one = box(view, at)
        if one is None or (one.present < one.size and one.name not in USED):
            break
        found.append(one)
        at = one.at + one.present
        if one.present < one.size:
            break
    if not found:
        raise Malformed(view.offset, "a box")
    return found, at


def _led_to(view: View) -> bool:
    """Whether boxes of no meaning lead here from the source's start: then the file begins there."""
    whole, at = view.sub(-view.offset), 0
    for _ in range(LEADING):
        one = box(whole, at)
        if one is None or one.name not in JUNK:
            return False
        at = one.end
        if at >= view.offset:
            return at == view.offset
    return False


def _facts(view: View, found: list[Box], types: list[Box], brand: str | None, said: Movie | None) -> MP4Movie:
    said = said or Movie()
    brands = view.read(types[0].data + 8, min(types[0].size - 16, 4 * TOLD)) if types else b""
    return MP4Movie(
        brand=brand,
        compatible=tuple(_text(brands[at : at + 4]) for at in range(0, len(brands) // 4 * 4, 4)),
        seconds=said.seconds,
        created=said.created,
        tracks=tuple(track.text() for track in said.tracks),
        fragmented=said.fragmented or any(one.name == "moof" for one in found),
        boxes=tuple(one.name for one in found[:TOLD]),
    )


def _format(brand: str | None) -> str:
    if brand is None or brand == "qt":
        return "mov"
    if brand in AUDIO:
        return "m4a"
    return "3gp" if brand[:3] in ("3gp", "3g2", "3ge", "3gs", "3gr", "3gg") else "mp4"


def _rooms(hit: Hit, found: list[Box], said: Movie, kind: str) -> Iterator[Finding]:
    """Boxes that readers pass over, at the top and in the movie box."""
    for one in found:
        size = one.end - one.data
        if one.name in JUNK:
            yield from room(hit, one.data, size, kind, "unused")
        elif one.name in METADATA:
            yield from room(hit, one.data, size, kind, "metadata")
        elif one.name not in USED:
            yield from room(hit, one.data, size, kind, "private")
    for at, size, use in rooms(said):
        yield from room(hit, at, size, kind, use)
    if not said.whole:
        moov = next(one for one in found if one.name == "moov")
        yield hit.finding(moov.at, moov.size, Anomaly("movie_box_not_filled", "its boxes end before it does"))
    if sum(one.name == "moov" for one in found) > 1:
        names = [one.name for one in found[:TOLD]]
        yield hit.finding(0, found[-1].end, Anomaly("several_movie_boxes", " ".join(names)))


def _text(data: bytes) -> str:
    return data.decode("latin-1").strip(" \0")

"""What a movie box says: duration, tracks, their codecs, and the room and pictures in it (ISO/IEC 14496-12, 8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rorqual.analyzers.formats.audiovisual.boxes import Box, boxes
from rorqual.sdk import View

MOST_TRACKS = 64
INNER = {"trak", "mdia", "minf", "stbl", "edts", "mvex", "udta", "ilst", "covr", "dinf"}  # that hold boxes
DEEPEST = 10
JUNK = {"free", "skip", "wide"}
ENCRYPTED = {"encv", "enca", "enct", "encs", "drms", "drmi", "drmt"}
METADATA = {"ilst", "uuid", "ID32", "XMP_", "keys", "loci", "Xtra", "mdta"}


@dataclass
class Track:
    """A track: what handles it and how it is coded."""

    handler: str = ""
    codec: str = ""
    width: int = 0  # pixels
    height: int = 0

    def text(self) -> str:
        """On one line."""
        size = f" {self.width}x{self.height}" if self.width and self.height else ""
        return f"{self.handler or 'track'} {self.codec}{size}".strip()


@dataclass
class Movie:
    """What was found. Rooms are (place, size, use), pictures (place, size)."""

    header: bool = False
    seconds: float | None = None
    created: int | None = None  # seconds since 1904, UTC
    tracks: list[Track] = field(default_factory=list)
    fragmented: bool = False
    encrypted: bool = False
    whole: bool = True  # whether the boxes fill it
    rooms: list[tuple[int, int, str]] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)


def movie(view: View, moov: Box) -> Movie:
    """Walks the box and all it holds."""
    found = Movie()
    end = moov.data
    for one in boxes(view, moov.data, moov.end):
        _visit(view, one, found, 1)
        end = one.end
    found.whole = end == moov.end
    if end < moov.end:
        found.rooms.append((end, moov.end - end, "slack"))
    return found


def _visit(view: View, one: Box, found: Movie, depth: int) -> None:
    if one.name == "trak" and len(found.tracks) < MOST_TRACKS:
        found.tracks.append(Track())
    if one.name in JUNK:
        found.rooms.append((one.data, one.end - one.data, "unused"))
    elif one.name in METADATA:
        found.rooms.append((one.data, one.end - one.data, "metadata"))
    _read(view, one, found)
    start = one.data
    if one.name == "meta":  # of a version and flags in MP4, none in QuickTime
        start += 0 if view.read(one.data + 4, 4) == b"hdlr" else 4
    elif one.name not in INNER and one.name[0] != "\xa9":
        return
    if depth < DEEPEST and one.name[0] != "\xa9":
        for inner in boxes(view, start, one.end):
            if one.name == "covr" and inner.name == "data" and inner.size > 24:
                found.pictures.append((inner.data + 8, inner.size - inner.header - 8))
            _visit(view, inner, found, depth + 1)


def _read(view: View, one: Box, found: Movie) -> None:
    """Takes what a box of fixed fields says."""
    track = found.tracks[-1] if found.tracks else Track()
    if one.name == "mvhd":
        data = view.read(one.data, 36)
        wide = data[:1] == b"\1"
        places = (4, 20, 24) if wide else (4, 12, 16)
        sizes = (8, 4, 8) if wide else (4, 4, 4)
        created, scale, length = (
            int.from_bytes(data[at : at + size], "big") for at, size in zip(places, sizes, strict=True)
        )
        found.header = len(data) >= places[2] + sizes[2]
        found.created = created or None
        unknown = length in ((1 << 32) - 1, (1 << 64) - 1)
        found.seconds = round(length / scale, 3) if scale and not unknown else None
    elif one.name == "tkhd":
        at = 88 if view.read(one.data, 1) == b"\1" else 76
        data = view.read(one.data + at, 8)
        track.width, track.height = int.from_bytes(data[:2], "big"), int.from_bytes(data[4:6], "big")
    elif one.name == "hdlr" and not track.handler:
        track.handler = view.read(one.data + 8, 4).decode("latin-1").strip(" \0")
    elif one.name == "stsd":
        track.codec = view.read(one.data + 12, 4).decode("latin-1").strip(" \0")
        found.encrypted = found.encrypted or track.codec in ENCRYPTED
    elif one.name == "mvex":
        found.fragmented = True


def rooms(found: Movie) -> Iterator[tuple[int, int, str]]:
    """Those that are not inside another."""
    end = 0
    for at, size, use in sorted(found.rooms):
        if at >= end:
            yield at, size, use
            end = at + size

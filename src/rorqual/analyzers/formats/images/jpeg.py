"""JPEG images (ITU-T T.81), lossless JPEG-LS (T.87) among them: markers from SOI to EOI.

Segments lead to one another by their lengths; behind each SOS stands data in which FF is followed by 00 or by a
restart marker (T.87: by a byte below 80). Pictures in metadata are no end. The picture is not decoded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.formats.images.exif import exif
from rorqual.analyzers.formats.images.jpeg_segments import application
from rorqual.analyzers.formats.images.walking import Found, latin
from rorqual.sdk import Anchor, Extent, Hit, Malformed, Said, View, frozen

SOF = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
LS, DHT, DAC, SOI, EOI, SOS, DQT, DNL, DRI, DHP, EXP, COM = (
    0xF7, 0xC4, 0xCC, 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xFE,
)  # fmt: skip
ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # TEM and restart markers have no length
TABLES = frozenset((DHT, DAC, DQT, DNL, DRI, DHP, EXP, 0xF8))
PROCESSES = {
    0xC0: "baseline", 0xC1: "sequential", 0xC2: "progressive", 0xC3: "lossless", 0xC5: "hierarchical sequential",
    0xC6: "hierarchical progressive", 0xC7: "hierarchical lossless", 0xC9: "arithmetic", 0xCA: "arithmetic progressive",
    0xCB: "arithmetic lossless", 0xCD: "arithmetic hierarchical", 0xCE: "arithmetic hierarchical progressive",
    0xCF: "arithmetic hierarchical lossless", LS: "JPEG-LS",
}  # fmt: skip
DATA_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7]")  # a literal first byte makes the search fast
LS_DATA_ENDS = re.compile(rb"\xff[\x80-\xcf\xd8-\xff]")
FILL = re.compile(rb"\xff+")
MOST_MARKERS = 65_536
MOST_JUNK = 4096  # bytes between two markers
BLOCKS = 2048, 256 << 10  # bytes of data looked at once: at first, and at most
HEAD = 64  # bytes of a segment read with its marker


@frozen
class JPEGImage:
    """An image; the finding spans it up to EOI, or the segments that are there."""

    tag: ClassVar[str] = "jpeg_image"
    width: int
    height: int  # 0: said behind the first scan
    depth: int  # bits a sample
    components: int
    process: str
    scans: int
    restart_interval: int
    jfif: str | None  # its version
    adobe_transform: int | None
    applications: tuple[str, ...]  # "APP1 Exif": the distinct ones, in order
    comment: str | None
    pictures: int | None  # of a multi-picture file (CIPA DC-007)
    ended: bool


@dataclass(slots=True)
class Walk:
    """What the segments told so far."""

    found: Found = field(default_factory=lambda: Found("jpeg", lead=4))
    frame: tuple[int, bytes] = (0, b"")
    end: int = 2
    scans: int = 0
    restart: int = 0
    jfif: str | None = None
    adobe: int | None = None
    applications: list[str] = field(default_factory=list)
    comment: str | None = None
    pictures: int | None = None
    exif: list[tuple[int, int]] = field(default_factory=list)
    ended: bool = False


class JPEG:
    """Finds JPEG images anywhere."""

    name = "jpeg"
    version = 1
    wakes_on = (Anchor(rb"\xff\xd8\xff[\xc0-\xc3\xc4-\xc7\xc9-\xcf\xdb-\xdf\xe0-\xf8\xfe\xff]"),)

    def score(self, view: View, /) -> int:
        """The first segment leads to another marker."""
        head = view.read(2, 4)
        if len(head) < 4 or head[1] == 0xFF:
            return int(len(head) == 4)
        size = int.from_bytes(head[2:], "big")
        return 0 if size < 2 else 2 if view.read(4 + size, 1) == b"\xff" else 1 if head[1] in (COM, 0xE0, 0xE1) else 0

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        walk = Walk()
        _walk(walk, hit.view)
        kind, frame = walk.frame
        if not walk.scans:
            raise Malformed(hit.offset + walk.end, "SOF and SOS")
        body = JPEGImage(
            int.from_bytes(frame[3:5], "big"),
            int.from_bytes(frame[1:3], "big"),
            frame[0],
            frame[5],
            PROCESSES[kind],
            walk.scans,
            walk.restart,
            walk.jfif,
            walk.adobe,
            tuple(walk.applications),
            walk.comment,
            walk.pictures,
            walk.ended,
        )
        yield hit.finding(0, walk.end, body)
        if walk.ended:
            proof = f"segments and {walk.scans} scans from SOI to EOI"
            yield Extent(0, walk.end, "jpegls" if kind == LS else "jpeg", proof)
        for at, size in walk.exif:
            yield from exif(hit, at, size)
        yield from walk.found.said(hit)


def _walk(walk: Walk, view: View) -> None:
    """Follows the markers until EOI, or as far as they go."""
    at = 2
    for _ in range(MOST_MARKERS):
        head = view.read(at, HEAD)
        view.step()
        if head[:1] != b"\xff":
            at = _next_marker(walk, view, at)
            if at < 0:
                return
            continue
        marker = head[1] if len(head) > 1 else 0
        if marker == 0xFF:
            at += 1
            continue
        if marker == EOI:
            walk.end, walk.ended = at + 2, bool(walk.scans)
            return
        if marker in ALONE:
            at += 2
            continue
        size = int.from_bytes(head[2:4], "big")
        if len(head) < 4 or size < 2 or marker == SOI or (marker < 0xC0 and not walk.scans):
            return
        if not view.holds(at + 1 + size):
            return
        if not _segment(walk, view, marker, at=at + 4, size=size - 2, head=head[4:]):
            return
        at += 2 + size
        walk.end = at
        if marker == SOS:
            at = _data_end(view, at, LS_DATA_ENDS if walk.frame[0] == LS else DATA_ENDS)
            if at < 0:
                walk.end += view.within(walk.end, -at)
                return
            walk.end = at


def _segment(walk: Walk, view: View, marker: int, *, at: int, size: int, head: bytes) -> bool:
    """Notes what one segment tells; whether it is one."""
    if marker in SOF:
        frame = head[:6]
        if len(frame) < 6 or size != 6 + 3 * frame[5] or not 2 <= frame[0] <= 16 or not frame[3:5].strip(b"\0"):
            return False
        if walk.frame[1] and walk.frame[1][1:5] != frame[1:5] and walk.frame[0] & 0x0F < 5:
            walk.found.anomaly(at - 4, size + 4, "jpeg_second_frame", f"SOF{marker - 0xC0} stands behind another")
        if not walk.frame[1]:
            walk.frame = marker, frame
    elif marker == SOS:
        if not walk.frame[1] or size < 6 or size != 4 + 2 * head[0]:
            return False
        walk.scans += 1
    elif marker == DRI and size >= 2:
        walk.restart = int.from_bytes(head[:2], "big")
    elif marker == DNL and size == 2 and walk.frame[1][1:3] == b"\0\0":
        walk.frame = walk.frame[0], walk.frame[1][:1] + head[:2] + walk.frame[1][3:]
    elif marker == COM:
        walk.found.room(at, size, "comment")
        if walk.comment is None:
            walk.comment = latin(view.read(at, min(size, 512)))
    elif 0xE0 <= marker <= 0xEF:
        application(walk, view, marker - 0xE0, at, size)
    elif marker not in TABLES:
        walk.found.room(at, size, "private")
    return True


def _next_marker(walk: Walk, view: View, at: int) -> int:
    """The place of the marker behind bytes that belong to nothing, which readers pass over; -1: there is none."""
    junk = view.read(at, MOST_JUNK)
    skipped = _marker(junk, DATA_ENDS)
    if skipped < 0 or at == 2:
        return -1
    walk.found.anomaly(at, skipped, "jpeg_bytes_between_markers", f"{skipped} bytes that no marker leads")
    walk.found.room(at, skipped, "slack")
    return at + skipped


def _marker(data: bytes, ends: re.Pattern[bytes]) -> int:
    """Where a marker begins; -1: nowhere. FF may be repeated, before a marker as before a stuffed 00."""
    at = 0
    while met := ends.search(data, at):
        if data[met.end() - 1] != 0xFF:
            return met.start()
        run = FILL.match(data, met.start())
        at = run.end() if run else len(data)
        if at < len(data) and ends.match(data, at - 1):
            return at - 1
    return -1


def _data_end(view: View, at: int, ends: re.Pattern[bytes]) -> int:
    """Where a marker ends the data that begins at `at`; minus the bytes there are where none does."""
    start, (size, most) = at, BLOCKS
    while True:
        data = view.read(at, size)
        met = _marker(data, ends)
        if met >= 0:
            return at + met
        if len(data) < size:
            return start - at - len(data) or -1
        at += size - 1 if data[-1] == 0xFF else size
        size = min(most, 4 * size)

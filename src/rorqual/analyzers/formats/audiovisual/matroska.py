"""Matroska and WebM (RFC 9559): an EBML header that names the document type, then a segment of elements.

Segments of unknown size end where an element begins that none can hold. Blocks and codecs are not handled.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.ebml import MOST, Element, element, elements, number, text
from rorqual.sdk import Anchor, Anomaly, Closed, Codec, Extent, Finding, Hit, Malformed, Region, Said, View, frozen

EBML, DOC_TYPE, DOC_VERSION = 0x1A45DFA3, 0x4282, 0x4287
EBML_KNOWN = {0x4286, 0x42F7, 0x42F2, 0x42F3, DOC_TYPE, DOC_VERSION, 0x4285, 0x4281}
VOID, CRC = 0xEC, 0xBF
SEGMENT, SEEK, INFO, TRACKS, CLUSTER, CUES = 0x18538067, 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B
CHAPTERS, TAGS, ATTACHMENTS = 0x1043A770, 0x1254C367, 0x1941A469
TOP = {SEEK, INFO, TRACKS, CLUSTER, CUES, CHAPTERS, TAGS, ATTACHMENTS}  # of a segment
IN_CLUSTER = {0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF, VOID, CRC}  # so that one of unknown size can be walked
SCALE, DURATION, TITLE, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x7BA9, 0x4D80, 0x5741
ENTRY, TYPE, CODEC, VIDEO, WIDTH, HEIGHT, ENCODINGS = 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA, 0x6D80
ENCODING, ENCODING_TYPE = 0x6240, 0x5033
FILE, FILE_NAME, FILE_DATA, FILE_TYPE = 0x61A7, 0x466E, 0x465C, 0x4660
KINDS = {1: "video", 2: "audio", 3: "complex", 16: "logo", 17: "subtitles", 18: "buttons", 32: "control"}
MOST_TRACKS = 64
ENDLESS = 1 << 60


@frozen
class MatroskaFile:
    """A file; the finding spans what is there of it."""

    tag: ClassVar[str] = "matroska_file"
    document: str
    version: int | None
    title: str
    muxer: str
    writer: str
    seconds: float | None
    tracks: tuple[str, ...]
    clusters: int
    attachments: int
    open_size: bool  # the segment's size was left open


@dataclass
class _Found:
    """What is known on the way; rooms are (place, size, use)."""

    texts: dict[int, str] = field(default_factory=dict)
    seconds: float | None = None
    tracks: list[str] = field(default_factory=list)
    clusters: int = 0
    encrypted: bool = False
    files: list[tuple[int, int, str]] = field(default_factory=list)
    rooms: list[tuple[int, int, str]] = field(default_factory=list)
    known: int = 0  # elements of the segment's own kinds


class Matroska:
    """Finds EBML headers anywhere."""

    name = "matroska"
    version = 1
    wakes_on = (Anchor(rb"\x1a\x45\xdf\xa3[\x01-\xff]"),)

    def score(self, view: View, /) -> int:
        """A header of a size that is known and small."""
        one = element(view, 0)
        return int(one is not None and one.size is not None and 4 <= one.size < 1 << 24)

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        header = element(view, 0)
        if header is None or header.size is None:
            raise Malformed(view.offset, "an EBML header")
        found = _Found()
        document, version, filled = "", None, header.data
        for one in elements(view, header.data, header.end):
            filled = one.end
            if one.id == DOC_TYPE:
                document = text(view, one)
            elif one.id == DOC_VERSION:
                version = number(view, one)
            elif one.id not in EBML_KNOWN:
                found.rooms.append((one.data, one.size or 0, "unused" if one.id == VOID else "private"))
        if filled != header.end or not document:
            raise Malformed(view.offset + filled, "elements that fill the EBML header")
        format = {"matroska": "matroska", "webm": "webm"}.get(document, "ebml")
        segment, at = element(view, header.end), header.end
        while segment is not None and segment.id == VOID and segment.size is not None:
            found.rooms.append((segment.data, segment.size, "unused"))
            at = segment.end
            segment = element(view, at)
        if segment is None or segment.id != SEGMENT:
            raise Malformed(view.offset + at, "a segment")
        end, whole = _segment(view, segment, found)
        body = MatroskaFile(
            document=document,
            version=version,
            title=found.texts.get(TITLE, ""),
            muxer=found.texts.get(MUXER, ""),
            writer=found.texts.get(WRITER, ""),
            seconds=found.seconds,
            tracks=tuple(found.tracks),
            clusters=found.clusters,
            attachments=len(found.files),
            open_size=segment.size is None,
        )
        if not found.known:
            raise Malformed(view.offset + segment.data, "an element of a segment")
        yield hit.finding(0, view.within(0, end), body)
        for at, size, name in found.files:
            yield Region(at, size, "matroska-attachment", Codec("matroska-attachment", None), name=name or None)
        if found.encrypted:
            yield Closed(segment.data, end - segment.data, "encrypted tracks")
        if not whole:
            return
        yield Extent(0, end, format, "elements follow each other to the end of the segment")
        yield from _rooms(hit, found, segment, end, format)


def _rooms(hit: Hit, found: _Found, segment: Element, end: int, format: str) -> Iterator[Finding]:
    for at, size, use in found.rooms:
        yield from room(hit, at, size, format, use)
        if use == "slack":
            proof = f"elements end at {at}, the segment at {end}"
            yield hit.finding(at, size, Anomaly("bytes_behind_the_last_element", proof))


def _segment(view: View, segment: Element, found: _Found) -> tuple[int, bool]:
    """Walks a segment's elements; where it ends, and whether it is all there."""
    at, limit = segment.data, ENDLESS if segment.size is None else segment.end
    inside = False  # a cluster of unknown size
    for _ in range(MOST):
        if at >= limit:
            break
        view.step()
        one = element(view, at)
        if one is None or (one.size is None and one.id != CLUSTER) or one.end > limit:
            break
        if segment.size is None and one.id not in TOP | {VOID, CRC} and not (inside and one.id in IN_CLUSTER):
            break
        if one.size is not None and view.within(one.data, one.size) < one.size:
            return at, False
        inside = one.size is None or (inside and one.id in IN_CLUSTER)
        _take(view, one, found, inside=inside)
        at = one.data if one.size is None else one.end
    if segment.size is None or at == limit:
        return at, True
    if view.within(at, limit - at) < limit - at:
        return at, False
    found.rooms.append((at, limit - at, "slack"))
    return limit, True


def _take(view: View, one: Element, found: _Found, *, inside: bool) -> None:
    """What an element of the segment says."""
    found.known += one.id in TOP
    if one.id == CLUSTER:
        found.clusters += 1
    elif one.id == INFO:
        _info(view, one, found)
    elif one.id == TRACKS:
        for entry in elements(view, one.data, one.end):
            if entry.id == ENTRY and len(found.tracks) < MOST_TRACKS:
                found.tracks.append(_track(view, entry, found))
    elif one.id == ATTACHMENTS:
        for entry in elements(view, one.data, one.end):
            parts = {part.id: part for part in elements(view, entry.data, entry.end)} if entry.id == FILE else {}
            if FILE_DATA in parts and parts[FILE_DATA].size:
                name = text(view, parts[FILE_NAME]) if FILE_NAME in parts else ""
                found.files.append((parts[FILE_DATA].data, parts[FILE_DATA].size or 0, name))
    elif one.id == TAGS:
        found.rooms.append((one.data, one.size or 0, "metadata"))
    elif one.id == VOID:
        found.rooms.append((one.data, one.size or 0, "unused"))
    elif one.id not in TOP and one.id != CRC and not inside:
        found.rooms.append((one.data, one.size or 0, "private"))


def _info(view: View, info: Element, found: _Found) -> None:
    scale, duration = 1_000_000, None
    for one in elements(view, info.data, info.end):
        if one.id == SCALE:
            scale = number(view, one)
        elif one.id == DURATION and one.size in (4, 8):
            (duration,) = struct.unpack(">f" if one.size == 4 else ">d", view.exact(one.data, one.size))
        elif one.id in (TITLE, MUXER, WRITER):
            found.texts[one.id] = text(view, one)
        elif one.id == VOID:
            found.rooms.append((one.data, one.size or 0, "unused"))
    if duration is not None and 0 <= duration < 1 << 60:
        found.seconds = round(duration * scale / 1e9, 3)


def _track(view: View, entry: Element, found: _Found) -> str:
    kind, codec, size = "", "", {}
    for one in elements(view, entry.data, entry.end):
        if one.id == TYPE:
            kind = KINDS.get(number(view, one), "track")
        elif one.id == CODEC:
            codec = text(view, one, 64)
        elif one.id == VIDEO:
            size = {part.id: number(view, part) for part in elements(view, one.data, one.end)}
        elif one.id == ENCODINGS:
            for coding in elements(view, one.data, one.end):
                parts = elements(view, coding.data, coding.end)
                found.encrypted = found.encrypted or any(
                    part.id == ENCODING_TYPE and number(view, part) == 1 for part in parts
                )
    shape = f" {size[WIDTH]}x{size[HEIGHT]}" if WIDTH in size and HEIGHT in size else ""
    return f"{kind} {codec}{shape}"

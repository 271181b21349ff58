"""FLAC: "fLaC", metadata blocks of which STREAMINFO is the first, then frames (RFC 9639).

Frames follow each other by their sync code, CRC-8 and number; the last is walked to its end. CRC-16 are checked up to
a ceiling. The samples themselves and FLAC in other containers are not handled here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rorqual.analyzers.cavity import room
from rorqual.analyzers.formats.audiovisual.flac_frames import (
    LONGEST_HEADER,
    FrameHeader,
    crc16_holds,
    frame_header,
    frame_size,
)
from rorqual.analyzers.formats.audiovisual.vorbis_comment import comment
from rorqual.sdk import Anchor, Anomaly, Codec, Extent, Finding, Hit, Malformed, Region, Said, View, frozen

BLOCK_HEADER = 4
STREAMINFO, PADDING, APPLICATION, SEEKTABLE, VORBIS_COMMENT, CUESHEET, PICTURE = range(7)
NAMES = ("STREAMINFO", "PADDING", "APPLICATION", "SEEKTABLE", "VORBIS_COMMENT", "CUESHEET", "PICTURE")
USES = {PADDING: "padding", APPLICATION: "private", VORBIS_COMMENT: "metadata"}
MOST_BLOCKS = 1024
MOST_FRAMES = 1_000_000
LONGEST_FRAME = 1 << 20  # bytes in which the next frame is looked for
CHECKED = 48 << 10  # bytes of frames whose CRC-16 are checked
WALKED = 24 << 20  # bytes of frames found one by one; beyond, the last seek point leads on
READ = 64 << 10
LONGEST_LIST = 32


@frozen
class FLACAudio:
    """A stream; the finding spans metadata and the frames that were found."""

    tag: ClassVar[str] = "flac_audio"
    rate: int  # samples a second
    channels: int
    bits: int  # of a sample
    samples: int  # of each channel; 0: the writer did not say
    seconds: float
    md5: str  # of the decoded samples, as stored
    frames: int  # found
    blocks: tuple[str, ...]  # metadata, by name
    vendor: str
    title: str
    artist: str


@dataclass
class _Frames:
    """What became of the walk. `end` is 0 where the last frame does not prove its end."""

    count: int = 0
    end: int = 0
    samples: int = 0
    checked: int = 0  # bytes
    broken: int | None = None  # where a CRC-16 does not hold
    size: int = 0  # bytes of it


class FLAC:
    """Finds streams anywhere."""

    name = "flac"
    version = 1
    wakes_on = (Anchor(rb"fLaC[\x00\x80]\x00\x00\x22"),)

    def score(self, view: View, /) -> int:
        """Block sizes and a rate that exist."""
        info = view.read(8, 13)
        return int(len(info) == 13 and int.from_bytes(info[2:4], "big") >= 16 and any(info[10:13]))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        info = view.exact(8, 34)
        rate, rest = int.from_bytes(info[10:13], "big") >> 4, int.from_bytes(info[10:18], "big")
        channels, bits, samples = (rest >> 41 & 7) + 1, (rest >> 36 & 31) + 1, rest & (1 << 36) - 1
        blocks = _blocks(view)
        start = blocks[-1][1] + blocks[-1][2]
        frames = _walk(view, start, info, bits=bits, samples=samples, blocks=blocks)
        texts: dict[str, str] = {}
        vendor = ""
        for kind, at, size in blocks:
            if kind == VORBIS_COMMENT:
                vendor, texts = comment(view, at, at + size)
        body = FLACAudio(
            rate=rate,
            channels=channels,
            bits=bits,
            samples=samples,
            seconds=round(samples / rate, 3) if rate else 0.0,
            md5=info[18:34].hex(),
            frames=frames.count,
            blocks=tuple(
                NAMES[kind] if kind < len(NAMES) else f"reserved {kind}" for kind, *_ in blocks[:LONGEST_LIST]
            ),
            vendor=vendor,
            title=texts.get("TITLE", ""),
            artist=texts.get("ARTIST", ""),
        )
        yield hit.finding(0, frames.end or view.within(0, start), body)
        if frames.end:
            short = samples and frames.samples < samples
            proof = f"{frames.count} frames: CRC-8 and numbers hold, and the last CRC-16"
            yield Extent(0, frames.end, "flac", proof + (f"; {frames.samples} of {samples} samples" if short else ""))
        if frames.broken is not None:
            yield hit.finding(frames.broken, frames.size, Anomaly("frame_crc_wrong", f"frame at {frames.broken:#x}"))
        yield from _rooms(hit, blocks)


def _rooms(hit: Hit, blocks: list[tuple[int, int, int]]) -> Iterator[Finding | Region]:
    for kind, at, size in blocks:
        if kind in USES or kind > PICTURE:
            yield from room(hit, at, size, "flac", USES.get(kind, "private"))
        elif kind == PICTURE:
            yield from _picture(hit.view, at, size)


def _blocks(view: View) -> list[tuple[int, int, int]]:
    """(kind, place, size) of the metadata blocks' data (section 8)."""
    at, found = 4, []
    for _ in range(MOST_BLOCKS):
        view.step()
        head = view.exact(at, BLOCK_HEADER)
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == 0x7F or view.within(at + BLOCK_HEADER, size) < size:
            raise Malformed(view.offset + at, "a metadata block that is there")
        found.append((head[0] & 0x7F, at + BLOCK_HEADER, size))
        at += BLOCK_HEADER + size
        if head[0] & 0x80:
            return found
    raise Malformed(view.offset + at, "the last metadata block")


def _picture(view: View, at: int, size: int) -> Iterator[Region]:
    """The picture of a block (8.8)."""
    end, place = at + size, at + 4
    texts = []
    for _ in range(2):  # media type, description
        length = int.from_bytes(view.read(place, 4), "big")
        texts.append(view.read(place + 4, min(length, 256)).decode("utf-8", "replace"))
        place += 4 + length
    place += 16
    length = int.from_bytes(view.read(place, 4), "big")
    if 0 < length <= end - place - 4:
        yield Region(place + 4, length, "flac-picture", Codec("flac-picture", None), name=texts[1] or texts[0] or None)


def _walk(view: View, at: int, info: bytes, *, bits: int, samples: int, blocks: list[tuple[int, int, int]]) -> _Frames:
    """Goes from frame to frame until none follows or all samples are there."""
    done = _Frames()
    longest = int.from_bytes(info[7:10], "big") or LONGEST_FRAME
    fixed = int.from_bytes(info[2:4], "big")
    start = first = at
    header = frame_header(view.read(at, LONGEST_HEADER))
    if header is None:
        raise Malformed(view.offset + at, "a frame")
    while done.count < MOST_FRAMES:
        view.step()
        done.count += 1
        done.samples = header.number * (1 if header.varies else fixed) + header.block
        last = bool(samples) and done.samples >= samples
        found = None if last else _next(view, at, header, longest)
        if found is None:
            size = frame_size(view.read(at, min(longest, LONGEST_FRAME)), header, bits)
            done.end = at + size if size is not None else 0
            return done
        place, following = found
        if done.checked < CHECKED:
            done.checked += place - at
            if place - at <= CHECKED and not crc16_holds(view.read(at, place - at)) and done.broken is None:
                done.broken, done.size = at, place - at
        at, header = place, following
        if at - start > WALKED and first == start:
            start = at
            if (leap := _leap(view, first, blocks)) is not None and leap[0] > at:
                at, header = leap
    return done


def _next(view: View, at: int, header: FrameHeader, longest: int) -> tuple[int, FrameHeader] | None:
    """The frame behind the one at `at`."""
    code = b"\xff\xf9" if header.varies else b"\xff\xf8"
    done, end = at + header.size, at + min(longest, LONGEST_FRAME) + LONGEST_HEADER
    while done < end:
        data = view.read(done, min(READ, end - done))
        place = data.find(code)
        while place >= 0:
            head = data[place : place + LONGEST_HEADER]
            if len(head) < LONGEST_HEADER:
                head = view.read(done + place, LONGEST_HEADER)
            following = frame_header(head)
            if following is not None and following.number == header.following:
                return done + place, following
            place = data.find(code, place + 1)
        if len(data) < 2:
            return None
        done += len(data) - 1
    return None


def _leap(view: View, first: int, blocks: list[tuple[int, int, int]]) -> tuple[int, FrameHeader] | None:
    """The frame that the last seek point leads to."""
    for kind, at, size in blocks:
        if kind == SEEKTABLE:
            table = view.read(at, min(size, 18 << 16))
            for place in range(len(table) // 18 * 18 - 18, -1, -18):
                sample, offset = (int.from_bytes(table[place + more : place + more + 8], "big") for more in (0, 8))
                if sample != (1 << 64) - 1:
                    header = frame_header(view.read(first + offset, LONGEST_HEADER))
                    return (first + offset, header) if header is not None else None
    return None

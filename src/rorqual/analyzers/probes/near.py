"""Formats whose first bytes are another's: a structure that holds to its end once four bytes are put back.

A file can be two things in turn where encryption exchanges its first block: it begins as one format, whose comment
covers the rest of the other, and decrypting it under a chosen key brings the first bytes of that one back (Albertini,
Aumasson, *AngeCryption*; Mitra's near polyglots, https://github.com/corkami/mitra). Here the likely bytes are put back
in front of what is there, and the format's own probe must prove the whole. The same is tried for a JPEG whose first
comment has the length that the other format's bytes give it.

Four bytes are put back, the most common overlap; where a size stands in them it is worked out from the rest.
"""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rorqual.analyzers.formats import archives, audiovisual, bytecode, documents, elf, fonts, images, pe, solid, stores
from rorqual.analyzers.formats.gzip import Gzip
from rorqual.analyzers.probes.near_body import NearFormat
from rorqual.sdk import Analyzer, Extent, Finding, Hit, Kind, Malformed, Probe, View

LOST = 4  # bytes
HEAD = 64  # bytes of the source that conditions look at
COMMENT = b"\xff\xd8\xff\xfe"  # a JPEG whose first segment is a comment
MARKERS = tuple(bytes((0xFF, code)) for code in (0xE0, 0xE1, 0xEE, 0xDB, 0xC0, 0xC2, 0xC4))  # what follows it
ALIGNED = 16  # bytes at the most between the hidden format and the JPEG's next segment
BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)


class Row(NamedTuple):
    """What a format has behind its first four bytes: at each place one of these."""

    probe: str
    heads: tuple[bytes, ...]
    then: tuple[tuple[int, tuple[bytes, ...]], ...]


ROWS = (
    Row("png", (b"\x89PNG",), ((4, (b"\r\n\x1a\n",)),)),
    Row("gif", (b"GIF8",), ((4, (b"7a", b"9a")),)),
    Row("pdf", (b"%PDF",), ((4, (b"-1.", b"-2.")),)),
    Row("class", (b"\xca\xfe\xba\xbe",), ((4, (b"\0\0\0", b"\0\3\0")),)),
    Row("elf", (b"\x7fELF",), ((4, (b"\1\1\1", b"\1\2\1", b"\2\1\1", b"\2\2\1")),)),
    Row("psd", (b"8BPS",), ((4, (b"\0\1\0\0\0\0\0\0", b"\0\2\0\0\0\0\0\0")),)),
    Row(
        "gzip",
        (b"\x1f\x8b\x08\0", b"\x1f\x8b\x08\x08"),
        ((8, (b"\0", b"\2", b"\4")), (9, (b"\0", b"\3", b"\x0b", b"\xff"))),
    ),
    Row("riff", (b"RIFF", b"RIFX"), ((8, (b"WAVE", b"AVI ", b"RMID", b"ACON")),)),
    Row("webp", (b"RIFF",), ((8, (b"WEBPVP8",)),)),
    Row("flac", (b"fLaC",), ((4, (b"\0\0\0\x22", b"\x80\0\0\x22")),)),
    Row("ogg", (b"OggS",), ((4, (b"\0\2\0\0\0\0\0\0\0\0", b"\0\6\0\0\0\0\0\0\0\0")),)),
    Row("flv", (b"FLV\1",), ((4, (b"\1\0\0\0\t", b"\4\0\0\0\t", b"\5\0\0\0\t")),)),
    Row("wasm", (b"\0asm",), ((4, (b"\1\0\0\0",)),)),
    Row(
        "ico",
        (b"\0\0\1\0", b"\0\0\2\0"),
        ((5, (b"\0",)), (9, (b"\0",)), (11, (b"\0",)), (16, (b"\0\0",)), (20, (b"\0\0",))),
    ),
    Row("rtf", (b"{\\rt",), ((4, (b"f1", b"f0", b"f\\")),)),
    Row("tiff", (b"II*\0",), ((6, (b"\0\0",)),)),
    Row("tiff", (b"MM\0*",), ((4, (b"\0\0",)),)),
    Row("pe", (b"MZ\x90\0", b"MZ\0\0"), ((62, (b"\0\0",)),)),
    Row("bmp", (), ((6, (b"\0\0\0\0",)), (16, (b"\0\0",)))),
    Row("icc", (), ((36, (b"acsp",)),)),
    Row("mp4", (), ((4, (b"ftyp",)),)),
    Row("jp2", (b"\0\0\0\x0c",), ((4, (b"jP  \r\n",)),)),
    Row("7z", (b"7z\xbc\xaf",), ((4, (b"\x27\x1c\0",)),)),
    Row("rar", (b"Rar!",), ((4, (b"\x1a\x07\0", b"\x1a\x07\1")),)),
    Row("cab", (b"MSCF",), ((4, (b"\0\0\0\0",)), (24, (b"\3\1", b"\2\1", b"\1\1")))),
    Row("wad", (b"IWAD", b"PWAD"), ((6, (b"\0\0",)), (11, (b"\0",)))),
    Row("sqlite", (b"SQLi",), ((4, (b"te format 3\0",)),)),
    Row("midi", (b"MThd",), ((4, (b"\0\0\0\6",)),)),
    Row("pcap", (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"), ((4, (b"\2\0\4\0\0\0\0\0", b"\0\2\0\4\0\0\0\0")),)),
    Row("pcapng", (b"\n\r\r\n",), ((8, (b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d")),)),
    Row("matroska", (b"\x1a\x45\xdf\xa3",), ((5, (b"\x42",)),)),
    Row("ilda", (b"ILDA",), ((4, (b"\0\0\0\0", b"\0\0\0\1", b"\0\0\0\4", b"\0\0\0\5")),)),
    Row("swf", (b"FWS\6", b"FWS\5", b"FWS\7", b"FWS\10"), ((7, (b"\0",)), (8, (b"\x78", b"\x50", b"\x60", b"\x70")))),
    Row(
        "ttf",
        (b"\0\1\0\0", b"OTTO"),
        ((4, (b"\0",)), (8, (b"\0", b"\1")), (12, (b"BASE", b"CFF ", b"DSIG", b"FFTM", b"GDEF", b"OS/2"))),
    ),
    Row("woff", (b"wOFF",), ((4, (b"\0\1\0\0", b"OTTO")),)),
    Row("xz", (b"\xfd7zX",), ((4, (b"Z\0\0",)),)),
    Row("lnk", (b"L\0\0\0",), ((4, (b"\1\x14\2\0",)),)),
    Row("ole", (b"\xd0\xcf\x11\xe0",), ((4, (b"\xa1\xb1\x1a\xe1",)),)),
)


class Near:
    """Puts lost first bytes back and has the format's probe prove the rest."""

    name = "near"
    version = 1
    wakes_on = (Kind("start"),)

    def score(self, view: View, /) -> int:
        """Every source has a start."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Finding]:
        """A finding for each format that only lacks its first bytes, and one for a JPEG around it."""
        head = hit.view.read(0, HEAD)
        for row in ROWS:
            if head[:LOST] in row.heads or not all(head.startswith(words, at) for at, words in row.then):
                continue
            for first in row.heads or COMPUTED[row.probe](hit.view):
                extent = _proven(hit, row.probe, {0: first})
                if extent is not None:
                    body = NearFormat(extent.format, first, 0, extent.proof)
                    yield hit.finding(0, extent.size, body)
                    if head.startswith(COMMENT):
                        yield from _picture(hit, extent.size)
                    break


def _picture(hit: Hit, end: int) -> Iterator[Finding]:
    """The JPEG whose comment would end where the hidden format does."""
    data = hit.view.read(end, ALIGNED + 2)
    for gap in range(ALIGNED):
        length = end + gap - LOST
        if data[gap : gap + 2] in MARKERS and length <= 0xFFFF:
            restored = length.to_bytes(2, "big")
            extent = _proven(hit, "jpeg", {LOST: restored})
            if extent is not None:
                yield hit.finding(0, extent.size, NearFormat("jpeg", restored, LOST, extent.proof))
                return


def _proven(hit: Hit, name: str, patches: dict[int, bytes]) -> Extent | None:
    """What the probe of that name claims from the source's start on, with the patches in place."""
    probe = _probes()[name]
    view = View(_Patched(hit.view, patches), (), 0, fuel=hit.view.fuel)
    try:
        if probe.score(view):
            for said in probe.examine(Hit(view, probe.wakes_on[0], name, passwords=hit.passwords)):
                if isinstance(said, Extent) and said.at == 0:
                    return said
    except Malformed:
        return None
    return None


class _Patched:
    """A source that differs from a view in a few bytes."""

    def __init__(self, view: View, patches: dict[int, bytes]) -> None:
        self._view = view
        self._patches = patches

    def read_at(self, offset: int, size: int, /) -> bytes:
        data = bytearray(self._view.read(offset, size))
        for start, patch in self._patches.items():
            first, last = max(start, offset), min(start + len(patch), offset + len(data))
            if first < last:
                data[first - offset : last - offset] = patch[first - start : last - start]
        return bytes(data)

    def read_into(self, offset: int, buffer: memoryview, /) -> int:
        data = self.read_at(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)


@functools.cache
def _probes() -> dict[str, Probe]:
    rooms = (archives, audiovisual, bytecode, documents, elf, fonts, images, pe, solid, stores)
    listed: list[Analyzer] = [probe for room in rooms for probe in room.probes()]
    return {one.name: one for one in (Gzip(), *listed)}  # type: ignore[misc]  # a room lists probes


def _bmp(view: View) -> Iterator[bytes]:
    """BM and the low half of the file's size, by the place of the pixels and their number."""
    head = view.read(0, 54)
    header = int.from_bytes(head[14:18], "little")
    if header not in BMP_HEADERS or len(head) < 54:
        return
    if header == 12:
        width, height, bits = (int.from_bytes(head[at : at + 2], "little") for at in (18, 20, 24))
    else:
        width, height = (abs(int.from_bytes(head[at : at + 4], "little", signed=True)) for at in (18, 22))
        bits = int.from_bytes(head[28:30], "little")
    pixels = (width * bits + 31) // 32 * 4 * height
    size = int.from_bytes(head[10:14], "little") + pixels
    yield b"BM" + (size & 0xFFFF).to_bytes(2, "little")


def _icc(view: View) -> Iterator[bytes]:
    """The profile's size: where the last of its tags ends."""
    count = int.from_bytes(view.read(128, 4), "big")
    table = view.read(132, 12 * count) if count <= 100 else b""
    ends = [
        int.from_bytes(table[at + 4 : at + 8], "big") + int.from_bytes(table[at + 8 : at + 12], "big")
        for at in range(0, len(table) - 11, 12)
    ]
    end = max(ends, default=132)
    for size in (end, end + -end % 4):
        yield (size & 0xFFFF_FFFF).to_bytes(4, "big")


def _mp4(view: View) -> Iterator[bytes]:
    """The size of the box of brands, behind which another box begins."""
    head = view.read(0, 132)
    for size in range(16, 128, 4):
        if head[size + 4 : size + 8].isalpha() and head[size : size + 2] == b"\0\0":
            yield size.to_bytes(4, "big")


COMPUTED: dict[str, Callable[[View], Iterator[bytes]]] = {"bmp": _bmp, "icc": _icc, "mp4": _mp4}

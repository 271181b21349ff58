"""UPX: a stub that unpacks a program, with what is packed in blocks between two headers that describe it.

Behind the program headers (in libraries behind the dynamic tables) stand l_info (checksum, "UPX!", size of the stub,
version, format) and p_info (program id, size of the file, size of a block), then blocks (b_info); at the end of it all
a pack header ("UPX!", version, format, method, level, sizes, a checksum) and where p_info stands.
https://github.com/upx/upx, src/packhead.cpp and src/stub/src/include/linux.h. Blocks are not unpacked here.

Other packers of ELF files leave no header to prove them by; that a file has no section headers, or a segment that is
writable and executable, is told by `elf`.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.context import WOKEN, layout_of
from rorqual.analyzers.formats.elf.form import Form
from rorqual.analyzers.formats.elf.layout import Layout
from rorqual.sdk import Anchor, Anomaly, Finding, Hit, Kind, Said, View, frozen

MAGIC = b"UPX!"
TAIL_READ = 1 << 16  # bytes behind the last segment that are searched for the pack header: the stub lies between
HEAD_READ = 1 << 14  # bytes from the program headers on that are searched for l_info: dynamic tables lie between
_PACK_SIZE = 32
_LINKER_SIZE = 24  # l_info and p_info
_VERSIONS = range(10, 17)  # of the pack header; 13 and 14 since UPX 3
_FORMATS: Mapping[int, str] = {
    10: "linux/i386",
    12: "linux/elf386",
    20: "linux/elfi386",
    22: "linux/amd64",
    23: "linux/arm",
    24: "bsd/i386",
    25: "bsd/elf386",
    30: "linux/mipsel",
    39: "linux/ppc64le",
    42: "linux/arm64",
    132: "linux/powerpc",
    133: "linux/armeb",
    137: "linux/mips",
    140: "linux/ppc64",
}
_METHODS: Mapping[int, str] = {
    2: "NRV2B_LE32",
    3: "NRV2B_8",
    4: "NRV2B_LE16",
    5: "NRV2D_LE32",
    6: "NRV2D_8",
    7: "NRV2D_LE16",
    8: "NRV2E_LE32",
    9: "NRV2E_8",
    10: "NRV2E_LE16",
    14: "LZMA",
    15: "DEFLATE",
    16: "ZSTD",
    17: "BZIP2",
}
_RELEASE = re.compile(rb"\$Id: UPX ([0-9][0-9.]{0,15}) Copyright")


@frozen
class ELFPacked:
    """A packed program; the finding spans the first header, or the last where only that is there."""

    tag: ClassVar[str] = "elf_packed"
    packer: str
    release: str | None  # of the packer, as its stub says
    version: int  # of the headers
    format: str
    method: str | None
    level: int | None
    filter: int | None
    unpacked_size: int | None
    packed_size: int | None
    file_size: int | None  # of the file before it was packed
    block_size: int | None
    stub_size: int | None
    unpacked_adler32: str | None  # hex
    packed_adler32: str | None
    pack_header_offset: int | None  # in the source


class _Start(NamedTuple):
    """l_info and p_info."""

    at: int
    magic: bytes
    stub_size: int
    version: int
    format: int
    file_size: int
    block_size: int


class _Pack(NamedTuple):
    """The pack header."""

    at: int
    version: int
    format: int
    method: int
    level: int
    unpacked_adler: int
    packed_adler: int
    unpacked_size: int
    packed_size: int
    file_size: int
    filter: int


class ELFPackedProbe:
    """UPX in an ELF file."""

    name = "elf-packed"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (WOKEN,)

    def score(self, view: View, /) -> int:
        """Not used: nothing but a kind wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The packer, where one of its headers is proven by its fields, and what was changed to hide it."""
        layout = layout_of(hit)
        if layout.type not in (names.EXEC, names.DYN):
            return
        table = layout.headers.segment_table
        head = hit.view.read(table.end, HEAD_READ)
        start = _start(head, table.end, layout.form)
        # A packed file keeps no section headers; others are searched no further.
        if start is None and layout.headers.section_table.entries:
            return
        tail_at = max(0, layout.end - _PACK_SIZE)
        tail = hit.view.read(tail_at, TAIL_READ)
        pack = _pack(tail, tail_at)
        if start is None and pack is None:
            return
        release = _RELEASE.search(tail) or _RELEASE.search(hit.view.read(max(0, tail_at - TAIL_READ), TAIL_READ))
        yield _packed(hit, start, pack, release[1].decode("ascii") if release else None)
        yield from _anomalies(hit, layout, start, pack)


def _start(head: bytes, base: int, form: Form) -> _Start | None:
    """l_info and p_info: at the magic, or right behind the program headers where the magic was changed."""
    at = head.find(MAGIC)
    while at >= 4:
        if (found := _start_at(head, at - 4, base, form)) is not None:
            return found
        at = head.find(MAGIC, at + 1)
    for at in (0, 8, 56, 112):  # UPX pads, or leaves room for more program headers
        found = _start_at(head, at, base, form)
        if found is not None and found.file_size == found.block_size and found.stub_size:
            return found
    return None


def _start_at(head: bytes, at: int, base: int, form: Form) -> _Start | None:
    if len(head) < at + _LINKER_SIZE:
        return None
    fields = struct.unpack_from(f"{form.mark}I4sHBB3I", head, at)
    _, magic, stub, version, number, _, file_size, block_size = fields
    if version not in _VERSIONS or number not in _FORMATS or (number >= 128) != form.big:
        return None
    return _Start(base + at, magic, stub, version, number, file_size, block_size)


def _pack(data: bytes, base: int) -> _Pack | None:
    """The pack header, proven by its checksum."""
    at = data.find(MAGIC)
    while at >= 0:
        record = data[at : at + _PACK_SIZE]
        if len(record) == _PACK_SIZE and sum(record[4:-1]) % 251 == record[-1] and record[4] in _VERSIONS:
            version, number, method, level = record[4:8]
            if number in _FORMATS and method in _METHODS:
                if number < 128:
                    unpacked_adler, packed_adler, unpacked, packed, file_size = struct.unpack_from("<5I", record, 8)
                else:
                    unpacked, packed, unpacked_adler, packed_adler, file_size = struct.unpack_from(">5I", record, 8)
                adlers = (unpacked_adler, packed_adler)
                return _Pack(
                    base + at, version, number, method, level, *adlers, unpacked, packed, file_size, record[28]
                )
        at = data.find(MAGIC, at + 1)
    return None


def _packed(hit: Hit, start: _Start | None, pack: _Pack | None, release: str | None) -> Finding:
    body = ELFPacked(
        packer="UPX",
        release=release,
        version=start.version if start else pack.version if pack else 0,
        format=_FORMATS[start.format if start else pack.format if pack else 0],
        method=_METHODS[pack.method] if pack else None,
        level=pack.level if pack else None,
        filter=pack.filter if pack else None,
        unpacked_size=pack.unpacked_size if pack else None,
        packed_size=pack.packed_size if pack else None,
        file_size=pack.file_size if pack else start.file_size if start else None,
        block_size=start.block_size if start else None,
        stub_size=start.stub_size if start else None,
        unpacked_adler32=f"{pack.unpacked_adler:08x}" if pack else None,
        packed_adler32=f"{pack.packed_adler:08x}" if pack else None,
        pack_header_offset=hit.offset + pack.at if pack else None,
    )
    if start is not None:
        return hit.finding(start.at, _LINKER_SIZE, body)
    return hit.finding(pack.at if pack else 0, _PACK_SIZE, body)


def _anomalies(hit: Hit, layout: Layout, start: _Start | None, pack: _Pack | None) -> Iterator[Finding]:
    """What keeps UPX from unpacking the file, and does not keep the file from running."""
    hidden = ("T1027.002",)
    if start is None:
        return
    if start.magic != MAGIC:
        proof = f"{start.magic.hex()} where UPX! belongs"
        yield hit.finding(start.at + 4, 4, Anomaly("upx_magic_changed", proof, hidden))
    if pack is None:
        proof = f"l_info at {start.at:#x}, no pack header within {TAIL_READ:#x} bytes of the last segment's end"
        yield hit.finding(start.at, _LINKER_SIZE, Anomaly("upx_pack_header_missing", proof, hidden))
    if not start.file_size or not start.block_size or (pack is not None and start.file_size != pack.file_size):
        stated = "none" if pack is None else str(pack.file_size)
        proof = f"p_info: file size {start.file_size}, block size {start.block_size}; the pack header's: {stated}"
        yield hit.finding(start.at + 12, 12, Anomaly("upx_sizes_changed", proof, hidden))

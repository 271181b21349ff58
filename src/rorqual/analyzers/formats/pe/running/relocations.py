"""Base relocations: where an image holds addresses, so that it can be loaded elsewhere than it was linked for.

Blocks follow each other: the RVA of a page, the block's size in bytes, then 16-bit entries, the type in the top four
bits and the place in the page in the others.
https://learn.microsoft.com/windows/win32/debug/pe-format#the-reloc-section-image-only
Entries are counted, not told; the second half of a HIGHADJ pair is counted by what its top bits look like.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import PAGE, Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View, byte_counts, frozen, histogram

BASERELOC = 5  # the directory's index
# Bytes counted: twice what the largest images have. What lies behind is measured, and `counted` says so.
COUNTED_MAX = 4 << 20
PIECE = 512 << 10  # bytes read at once
RELOCS_STRIPPED = 0x0001

_BLOCK = struct.Struct("<II")
_COMMON = {0: "ABSOLUTE", 1: "HIGH", 2: "LOW", 3: "HIGHLOW", 4: "HIGHADJ", 10: "DIR64"}
_BY_MACHINE = {
    0x01C0: {5: "ARM_MOV32"},
    0x01C2: {5: "ARM_MOV32", 7: "THUMB_MOV32"},
    0x01C4: {5: "ARM_MOV32", 7: "THUMB_MOV32"},
    0x0200: {9: "IA64_IMM64"},
    0x5032: {5: "RISCV_HIGH20", 7: "RISCV_LOW12I", 8: "RISCV_LOW12S"},
    0x5064: {5: "RISCV_HIGH20", 7: "RISCV_LOW12I", 8: "RISCV_LOW12S"},
    0x6232: {8: "LOONGARCH32_MARK_LA"},
    0x6264: {8: "LOONGARCH64_MARK_LA"},
}
_MIPS = (0x0162, 0x0160, 0x0166, 0x0168, 0x0169, 0x0266, 0x0366, 0x0466)
_BY_MACHINE |= {machine: {5: "MIPS_JMPADDR", 9: "MIPS_JMPADDR16"} for machine in _MIPS}


class TypeCount(NamedTuple):
    """How many entries are of a type."""

    type: str
    entries: int


@frozen
class PERelocations:
    """The base relocations; the finding spans those in the file."""

    tag: ClassVar[str] = "pe_relocations"
    directory_size: int  # bytes
    counted: int  # bytes of it in sound blocks, which all that follows is about
    blocks: int
    entries: int
    types: tuple[TypeCount, ...]
    first_page: int | None  # RVA
    last_page: int | None
    sorted: bool  # by page
    padding: int  # bytes of zeros behind the last block


@dataclass(slots=True)
class _Tally:
    """What the blocks came to so far."""

    at: int = 0  # in the directory: where the next block begins
    blocks: int = 0
    entries: int = 0
    high: list[int] = field(default_factory=lambda: [0] * 16)  # by the top four bits
    first: int | None = None
    last: int | None = None
    unaligned: int | None = None  # the first page that is none
    sorted: bool = True
    furthest: int = 0
    broken: str = ""  # why the walk ended


class PEBaseRelocations:
    """Counts the base relocations of an image."""

    name = "pe-relocations"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The counts, then what is wrong with the blocks."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        directory = next(iter(layout.headers.directories[BASERELOC : BASERELOC + 1]), None)
        if directory is None or not directory.rva or not directory.size:
            return
        at = layout.at(directory.rva)
        # Only what the file holds is counted: zeros that memory has behind it would count as entries.
        stored = 0 if at is None else min(directory.size, layout.mapped(directory.rva)[1])
        tally = _Tally()
        padding = _walk(hit.view, Memory(layout, hit.view), directory.rva, stored, tally)
        machine = layout.headers.coff.machine
        known = _COMMON | _BY_MACHINE.get(machine, {})
        counts = {kind: count for kind, count in enumerate(tally.high) if count}
        body = PERelocations(
            directory_size=directory.size,
            counted=tally.at,
            blocks=tally.blocks,
            entries=tally.entries,
            types=tuple(TypeCount(known.get(kind, f"{kind:#x}"), count) for kind, count in counts.items()),
            first_page=tally.first,
            last_page=tally.last,
            sorted=tally.sorted,
            padding=padding,
        )
        field_at = layout.headers.directories_at + 8 * BASERELOC
        place, size = (field_at, 8) if at is None or not stored else (at, stored)
        yield hit.finding(place, size, body)
        if tally.broken:
            where = (at + tally.at, min(8, max(0, stored - tally.at))) if at is not None else (place, size)
            yield hit.finding(*(where if where[1] else (place, size)), Anomaly("relocations_broken", tally.broken))
        if stored < directory.size and layout.knows_all_sections:
            proof = f"{directory.size:#x} bytes at RVA {directory.rva:#x}, {stored:#x} are in the file"
            yield hit.finding(field_at, 8, Anomaly("relocations_cut", proof))
        for name, proof in _anomalies(layout, tally, counts, known):
            yield hit.finding(place, size, Anomaly(name, proof))


def _walk(view: View, memory: Memory, rva: int, size: int, tally: _Tally) -> int:
    """Goes from block to block, a piece of the directory at a time; returns the bytes of zeros behind the last."""
    ceiling = min(size, COUNTED_MAX)
    while tally.at + _BLOCK.size <= ceiling and not tally.broken:
        data = memory.read(rva + tally.at, min(PIECE, size - tally.at))
        if len(data) < _BLOCK.size:
            tally.broken = f"block {tally.blocks} at {tally.at:#x} of {size:#x} is not mapped"
            return 0
        whole = _blocks(data, tally)
        view.step(1 + whole // 256)
        if not whole and not tally.broken:
            if not data.strip(b"\0"):
                return len(data) if tally.at + len(data) == size else 0
            page, length = _BLOCK.unpack_from(data)
            tally.broken = f"block {tally.blocks} at {tally.at:#x} of {size:#x}: page {page:#x}, size {length:#x}"
    rest = size - tally.at
    if 0 < rest < _BLOCK.size and not tally.broken:
        tail = memory.read(rva + tally.at, rest)
        if tail.strip(b"\0") or len(tail) < rest:
            tally.broken = f"{rest} bytes left at {tally.at:#x} of {size:#x}"
            return 0
        return rest
    return 0


def _blocks(data: bytes, tally: _Tally) -> int:
    """Takes the whole blocks at the start of `data`; returns how many bytes they are.

    Types are counted over all of them at once, from a histogram of every second byte, less those of the blocks' heads.
    """
    at, length = 0, len(data)
    heads: list[bytes] = []
    furthest = tally.furthest
    unpack = _BLOCK.unpack_from
    previous = -1 if tally.last is None else tally.last
    while at + 8 <= length:
        page, size = unpack(data, at)
        if size < 8 or size % 2 or at + size > length:
            break
        heads.append(data[at + 1 : at + 8 : 2])
        if page <= previous:
            tally.sorted = False
        if page % PAGE and tally.unaligned is None:
            tally.unaligned = page
        furthest = page if page > furthest else furthest
        if tally.first is None:
            tally.first = page
        previous = page
        at += size
    if heads:
        tally.furthest = furthest
        tally.last = previous
        tally.blocks += len(heads)
        tally.entries += at // 2 - 4 * len(heads)
        counts, others = byte_counts(histogram(data[1:at:2])), byte_counts(histogram(b"".join(heads)))
        for kind in range(16):
            these = slice(kind * 16, kind * 16 + 16)
            tally.high[kind] += sum(counts[these]) - sum(others[these])
        tally.at += at
    return at


def _anomalies(
    layout: Layout, tally: _Tally, counts: dict[int, int], known: dict[int, str]
) -> Iterator[tuple[str, str]]:
    unknown = [kind for kind in counts if kind not in known]
    if unknown and 4 not in counts:  # the second half of a HIGHADJ pair may look like any type
        yield "relocation_type_unknown", f"{counts[unknown[0]]} entries of type {unknown[0]:#x}"
    if tally.unaligned is not None:
        yield "relocation_page_unaligned", f"page {tally.unaligned:#x}"
    end = layout.headers.optional.size_of_image
    if tally.blocks and tally.furthest >= end:
        yield "relocation_outside_image", f"page {tally.furthest:#x}, SizeOfImage is {end:#x}"
    if layout.headers.coff.characteristics & RELOCS_STRIPPED and tally.blocks:
        yield "relocations_against_flag", f"{tally.blocks} blocks although RELOCS_STRIPPED is set"
    wide = layout.headers.optional.magic == names.PE32_PLUS
    if not wide and counts.get(10):
        yield "relocation_type_odd", f"{counts[10]} entries of type DIR64 in {names.FORMATS[names.PE32]}"

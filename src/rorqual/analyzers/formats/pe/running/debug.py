"""The debug directory: rows of 28 bytes (IMAGE_DEBUG_DIRECTORY), each of which says of what type its data is and where.

https://learn.microsoft.com/windows/win32/debug/pe-format#debug-directory-image-only
debug_types.py has what the data of each type holds. COFF, FPO and OMAP tables and the embedded PDB itself are named
and measured, not read.
"""

import struct
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.running import debug_types as types
from rorqual.analyzers.formats.pe.running.debug_types import (
    CodeView,
    EmbeddedPDB,
    PDBChecksum,
    Pogo,
    VCFeature,
)
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View, frozen

DEBUG = 6  # the directory's index
ENTRIES_TOLD = 64  # linkers write at most one row of each type; there are 22 types
STAMPS_APART = 86_400  # seconds: steps after linking move the header's by minutes, forgers by years
DATA_MAX = 64 << 10  # bytes of an entry's data looked at: a path is far shorter, a large POGO table has 10 KB

_ROW = struct.Struct("<IIHHIIII")


class DebugRow(NamedTuple):
    """IMAGE_DEBUG_DIRECTORY."""

    characteristics: int
    timestamp: int
    major: int
    minor: int
    type: int
    size: int
    rva: int
    pointer: int


@frozen
class PEDebug:
    """An entry of the debug directory; the finding spans its data, or its row where none is in the file."""

    tag: ClassVar[str] = "pe_debug"
    index: int
    type: str
    characteristics: int
    timestamp: int
    version: str
    data_size: int  # bytes, as stored
    rva: int  # 0: not mapped
    pointer: int  # in the image's file, as stored
    present: int  # bytes of its data in the file
    code_view: CodeView | None = None
    pogo: Pogo | None = None
    vc_feature: VCFeature | None = None
    repro_hash: str | None = None
    dll_characteristics_ex: tuple[str, ...] = ()
    embedded_pdb: EmbeddedPDB | None = None
    pdb_checksum: PDBChecksum | None = None


class PEDebugDirectory:
    """Tells the debug directory of an image, an entry at a time."""

    name = "pe-debug"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Kinds need none."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The entries, each with what is wrong with it, then what is wrong with all together."""
        layout = hit.context
        if not isinstance(layout, Layout):
            raise Malformed(hit.offset, "a PE's layout")
        rows, declared = read_rows(layout, Memory(layout, hit.view))
        directory = next(iter(layout.headers.directories[DEBUG : DEBUG + 1]), None)
        if directory is None or not declared:
            return
        table_at = layout.at(directory.rva)
        field_at = layout.headers.directories_at + 8 * DEBUG
        if len(rows) < declared:
            proof = f"{declared} entries declared, {len(rows)} told, at most {ENTRIES_TOLD} are"
            yield hit.finding(field_at, 8, Anomaly("debug_directory_cut", proof))
        if directory.size % _ROW.size:
            proof = f"size {directory.size}, no multiple of {_ROW.size}"
            yield hit.finding(field_at, 8, Anomaly("debug_directory_size", proof))
        for index, row in enumerate(rows):
            hit.view.step()
            if not any(row):
                continue  # padding
            row_at = field_at if table_at is None else table_at + index * _ROW.size
            yield from _entry(hit, layout, index, row, row_at)
        if rows and table_at is not None:
            stamps = _stamps(layout, rows)
            if stamps:
                yield hit.finding(table_at, len(rows) * _ROW.size, Anomaly("debug_timestamps_differ", stamps))


def read_rows(layout: Layout, memory: Memory) -> tuple[list[DebugRow], int]:
    """The entries that are there, at most ENTRIES_TOLD, and how many are declared."""
    directory = next(iter(layout.headers.directories[DEBUG : DEBUG + 1]), None)
    if directory is None or not directory.rva or not directory.size:
        return [], 0
    declared = directory.size // _ROW.size
    stored = layout.mapped(directory.rva)[1]  # zeros that memory has behind them are no rows
    data = memory.read(directory.rva, min(stored, min(declared, ENTRIES_TOLD) * _ROW.size))
    whole = len(data) // _ROW.size * _ROW.size
    return [DebugRow._make(row) for row in _ROW.iter_unpack(data[:whole])], declared


def _entry(hit: Hit, layout: Layout, index: int, row: DebugRow, row_at: int) -> Iterator[Said]:
    # Reading nothing at all of a row of zeros spares an image padded with them.
    data = hit.view.read(row.pointer, min(row.size, DATA_MAX)) if row.pointer else b""
    present = len(data)
    if present == DATA_MAX < row.size:
        present = hit.view.within(row.pointer, row.size)
    known = _details(row, data)
    body = PEDebug(
        index=index,
        type=types.TYPES.get(row.type, f"{row.type:#x}"),
        characteristics=row.characteristics,
        timestamp=row.timestamp,
        version=f"{row.major}.{row.minor}",
        data_size=row.size,
        rva=row.rva,
        pointer=row.pointer,
        present=present,
        **known,
    )
    at, size = (row.pointer, present) if present else (row_at, _ROW.size)
    yield hit.finding(at, size, body)
    if present < row.size and row.pointer:
        proof = f"entry {index}, {body.type}: {present:#x} of {row.size:#x} bytes at {row.pointer:#x} are there"
        yield hit.finding(row_at, _ROW.size, Anomaly("debug_entry_past_end", proof))
    mapped = layout.at(row.rva) if row.rva else None
    if row.rva and row.pointer and present and mapped != row.pointer and layout.knows_all_sections:
        proof = f"entry {index}, {body.type}: RVA {row.rva:#x} and file pointer {row.pointer:#x} are different places"
        yield hit.finding(row_at, _ROW.size, Anomaly("debug_entry_places_differ", proof))
    if body.code_view is not None and not body.code_view.printable:
        proof = f"entry {index}: {body.code_view.pdb}"
        yield hit.finding(at, size, Anomaly("pdb_path_unprintable", proof))
    if row.type == types.CODEVIEW and present == row.size and data and body.code_view is None:
        proof = f"entry {index}: CodeView data begins with {data[:4].hex()}, neither RSDS nor NB10"
        yield hit.finding(at, size, Anomaly("codeview_unknown", proof))


def _details(row: DebugRow, data: bytes) -> dict[str, Any]:  # fields of PEDebug, whose types mypy cannot know here
    match row.type:
        case types.CODEVIEW:
            return {"code_view": types.code_view(data, row.minor)}
        case types.POGO:
            return {"pogo": types.pogo(data)}
        case types.VC_FEATURE:
            return {"vc_feature": types.vc_feature(data)}
        case types.REPRO:
            return {"repro_hash": types.repro_hash(data)}
        case types.EX_DLL_CHARACTERISTICS:
            return {"dll_characteristics_ex": names.flags(int.from_bytes(data[:4], "little"), types.EX_FLAGS)}
        case types.EMBEDDED_PDB:
            return {"embedded_pdb": types.embedded_pdb(data)}
        case types.PDB_CHECKSUM:
            return {"pdb_checksum": types.pdb_checksum(data)}
    return {}


def _stamps(layout: Layout, rows: list[DebugRow]) -> str:
    """What disagrees: the entries of one link are of the COFF header's time. Reproducible builds put hashes there."""
    if any(row.type == types.REPRO for row in rows):
        return ""
    stamps = {row.timestamp for row in rows if row.timestamp}
    coff = layout.headers.coff.timestamp
    known = stamps | {coff} if coff else stamps
    if stamps and max(known) - min(known) > STAMPS_APART:
        return f"COFF header {coff:#x}, entries {', '.join(f'{stamp:#x}' for stamp in sorted(stamps))}"
    return ""

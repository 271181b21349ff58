"""Managed images: the CLR header, the metadata, the assembly's identity, references, resources and native imports.

The COM_DESCRIPTOR directory leads to a header of 72 bytes (ECMA-335, partition II, section 25.3.3), which leads to the
metadata, to the resources and to the entry point. What single types and methods are, and their code, is not told.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe import names
from rorqual.analyzers.formats.pe.dotnet.assembly import assembly_of, entry_name, imports, references
from rorqual.analyzers.formats.pe.dotnet.bodies import (
    DotNet,
    DotNetImports,
    DotNetLinked,
    DotNetReferences,
    DotNetStream,
    DotNetTable,
)
from rorqual.analyzers.formats.pe.dotnet.metadata import STREAMS_MAX, Metadata
from rorqual.analyzers.formats.pe.dotnet.resources import embedded, linked
from rorqual.analyzers.formats.pe.dotnet.tables import (
    ASSEMBLY,
    ASSEMBLY_REF,
    IMPL_MAP,
    MANIFEST_RESOURCE,
    MODULE,
)
from rorqual.analyzers.formats.pe.dotnet.words import shown
from rorqual.analyzers.formats.pe.layout import Layout
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.rows import Row, Rows
from rorqual.sdk import Anchor, Anomaly, Hit, Kind, Malformed, Said, View

COM_DESCRIPTOR = 14  # index of the data directory
FLAGS = {
    0x1: "ILONLY",
    0x2: "32BITREQUIRED",
    0x4: "IL_LIBRARY",
    0x8: "STRONGNAMESIGNED",
    0x10: "NATIVE_ENTRYPOINT",
    0x10000: "TRACKDEBUGDATA",
    0x20000: "32BITPREFERRED",
}
_NATIVE_ENTRYPOINT = 0x10
_READY_TO_RUN = b"RTR\0"
_HEADER = struct.Struct("<IHH16I")
_KNOWN = frozenset({b"#~", b"#-", b"#Strings", b"#US", b"#GUID", b"#Blob", b"#Pdb", b"#JTD"})


class Header(NamedTuple):
    """IMAGE_COR20_HEADER."""

    size: int
    major: int
    minor: int
    metadata_rva: int
    metadata_size: int
    flags: int
    entry: int
    resources_rva: int
    resources_size: int
    strong_name_rva: int
    strong_name_size: int
    code_manager_rva: int
    code_manager_size: int
    fixups_rva: int
    fixups_size: int
    jumps_rva: int
    jumps_size: int
    native_rva: int
    native_size: int


class PEDotNet:
    """What makes a PE image a .NET assembly."""

    name = "pe-dotnet"
    version = 1
    wakes_on: tuple[Anchor | Kind, ...] = (Kind("pe"),)

    def score(self, view: View, /) -> int:
        """Not asked for: no anchor wakes it."""
        return 1

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        """The header, then references, native imports and resources, and what is odd about them."""
        layout = hit.context
        if not isinstance(layout, Layout) or layout.headers.optional.magic not in (names.PE32, names.PE32_PLUS):
            raise Malformed(hit.offset, "a PE image with data directories")
        place = next(iter(layout.headers.directories[COM_DESCRIPTOR:]), None)
        at = layout.at(place.rva) if place is not None and place.rva else None
        if place is None or at is None:
            return
        memory = Memory(layout, hit.view)
        data = memory.read(place.rva, _HEADER.size)
        if len(data) < _HEADER.size:
            raise Malformed(hit.offset + at, f"a CLR header of {_HEADER.size} bytes")
        header = Header._make(_HEADER.unpack_from(data))
        span = at, _HEADER.size
        try:
            metadata = Metadata(memory, hit.view, header.metadata_rva, header.metadata_size)
        except Malformed as broken:
            proof = f"metadata at RVA {header.metadata_rva:#x}: expected {broken.expected}"
            yield hit.finding(*span, Anomaly("dotnet_metadata_missing", proof))
            return
        yield hit.finding(*span, _summary(memory, header, metadata))
        for anomaly in _anomalies(header, metadata):
            yield hit.finding(*span, anomaly)
        metadata_at, present, _ = layout.mapped(header.metadata_rva)
        metadata_span = metadata_at, min(header.metadata_size, present)
        for first, referred in _in_rows(references(metadata)):
            yield hit.finding(*metadata_span, DotNetReferences(first, referred))
        for first, imported in _in_rows(imports(metadata)):
            yield hit.finding(*metadata_span, DotNetImports(first, imported))
        for first, elsewhere in _in_rows(linked(metadata)):
            yield hit.finding(*metadata_span, DotNetLinked(first, elsewhere))
        yield from embedded(hit, layout, memory, metadata, (header.resources_rva, header.resources_size))


def _in_rows(rows: Iterable[Row]) -> Iterator[tuple[int, tuple[Row, ...]]]:
    """(index of the first, rows) of each finding."""
    waiting = Rows[Row]()
    for row in rows:
        for _, _, first, part in waiting.add(0, 0, (row,)):
            yield first, part
    for _, _, first, part in waiting.rest():
        yield first, part


def _summary(memory: Memory, header: Header, metadata: Metadata) -> DotNet:
    assembly = assembly_of(metadata)
    module = metadata.row(MODULE, 1)
    counts = {number: table.rows for number, table in metadata.tables.items()}
    native = bool(header.flags & _NATIVE_ENTRYPOINT)
    entry = f"{header.entry:#x}" if native else entry_name(metadata, header.entry)
    return DotNet(
        runtime=f"{header.major}.{header.minor}",
        version=shown(metadata.version),
        flags=names.flags(header.flags, FLAGS),
        entry_point=entry if header.entry else None,
        entry_point_token=header.entry,
        strong_name=bool(header.strong_name_rva and header.strong_name_size),
        ready_to_run=header.native_rva > 0 and memory.read(header.native_rva, 4) == _READY_TO_RUN,
        metadata_rva=header.metadata_rva,
        metadata_size=header.metadata_size,
        streams=tuple(DotNetStream(shown(stream.name), stream.rva, stream.size) for stream in metadata.streams),
        tables=tuple(DotNetTable(table.name, table.rows) for table in metadata.tables.values()),
        module=shown(metadata.string(module[1])) if module else "",
        mvid=metadata.guid(module[2]) if module else None,
        assembly=assembly.name,
        assembly_version=assembly.version,
        culture=assembly.culture,
        public_key_token=assembly.token,
        typelib_id=assembly.typelib_id,
        target_framework=assembly.framework,
        attributes=assembly.attributes,
        references=counts.get(ASSEMBLY_REF, 0),
        resources=counts.get(MANIFEST_RESOURCE, 0),
        imports=counts.get(IMPL_MAP, 0),
    )


def _anomalies(header: Header, metadata: Metadata) -> Iterator[Anomaly]:
    seen: set[bytes] = set()
    for stream in metadata.streams:
        if stream.name in seen:
            proof = f"{shown(stream.name)} stands twice; runtimes and tools read different ones"
            yield Anomaly("dotnet_stream_twice", proof, mbc=("B0012",))
        elif stream.name not in _KNOWN:
            yield Anomaly("dotnet_stream_unknown", f"{shown(stream.name)} at RVA {stream.rva:#x}")
        if stream.rva + stream.size > metadata.rva + metadata.size:
            proof = f"{shown(stream.name)} ends at RVA {stream.rva + stream.size:#x}, the metadata at "
            yield Anomaly("dotnet_stream_outside_metadata", proof + f"{metadata.rva + metadata.size:#x}")
        seen.add(stream.name)
    if len(metadata.streams) < metadata.declared:
        limit = f", at most {STREAMS_MAX} are read" if metadata.declared > STREAMS_MAX else ""
        yield Anomaly("dotnet_streams_cut", f"{metadata.declared} declared, {len(metadata.streams)} read{limit}")
    for number in metadata.unknown:
        yield Anomaly("dotnet_table_unknown", f"table {number:#04x}")
    for number, name in ((MODULE, "Module"), (ASSEMBLY, "Assembly")):
        table = metadata.tables.get(number)
        if table is not None and table.rows > 1:
            yield Anomaly("dotnet_table_rows", f"{name} has {table.rows} rows; the standard allows one")
    if header.size != _HEADER.size:
        yield Anomaly("dotnet_header_size_wrong", f"the CLR header says {header.size} bytes, it has {_HEADER.size}")

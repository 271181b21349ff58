"""Header, segments, sections, libraries, symbols and signature of a Mach-O file's slices, against LIEF."""

from collections.abc import Hashable, Iterator, Mapping

import lief

from rorqual.analyzers.formats.elf.names import printable
from rorqual.analyzers.formats.macho.bodies import MachOImage, MachOSection, MachOSegment
from rorqual.analyzers.formats.macho.libraries import MachOLibraries, MachOPaths
from rorqual.analyzers.formats.macho.symbol_bodies import MachOSymbols, MachOSymbolTable
from tests.parity.case import Case, Findings, Peer, Row, fields, keyed, loose, named

_SEGMENT = {
    "address": "virtual_address",
    "memory_size": "virtual_size",
    "offset": "file_offset",
    "file_size": "file_size",
    "number_of_sections": "numberof_sections",
}
_SECTION = {
    "address": "virtual_address",
    "declared_size": "size",
    "offset": "offset",
    "relocations_offset": "relocation_offset",
    "number_of_relocations": "numberof_relocations",
}
_RIGHTS = {"r": 1, "w": 2, "x": 4, "-": 0}


def compare(case: Case) -> Iterator[Row]:
    """Each slice by its offset; a thin file is its only one."""
    peer = lief.MachO.parse(str(case.path))
    slices: dict[int, Findings] = dict(case.slices) or {0: case}
    theirs = {one.fat_offset: one for one in peer} if peer is not None else {}
    mine = sorted(offset for offset, part in slices.items() if part.one(MachOImage) is not None)
    yield Row("lief", "slice.offsets", mine, sorted(theirs))
    for offset in mine:
        if offset in theirs:
            yield from _slice(slices[offset], theirs[offset])


def _slice(part: Findings, peer: Peer) -> Iterator[Row]:
    (image,) = part.all(MachOImage)[:1]
    header = peer.header
    for field, mine, other in (
        ("cpu", loose(image.cpu), loose(named(header.cpu_type))),
        ("cpu_number", image.cpu_number, int(header.cpu_type)),
        ("cpu_subtype", image.cpu_subtype_number & 0xFF_FFFF, int(header.cpu_subtype) & 0xFF_FFFF),
        ("type", image.type, named(header.file_type)),
        ("flags", image.flags, header.flags),
        ("number_of_commands", image.number_of_commands, header.nb_cmds),
        ("size_of_commands", image.size_of_commands, header.sizeof_cmds),
        ("number_of_segments", image.number_of_segments, len(peer.segments)),
        ("number_of_sections", image.number_of_sections, len(peer.sections)),
        ("uuid", (image.uuid or "").replace("-", "").lower(), bytes(peer.uuid.uuid).hex() if peer.has_uuid else ""),
        ("dylinker", image.dylinker or "", peer.dylinker.name if peer.has_dylinker else ""),
    ):
        yield Row("lief", f"header.{field}", mine, other)
    if peer.has_main_command:
        entry = peer.main_command.entrypoint
        yield Row("lief", "header.entry_point_offset", image.entry_point_offset, entry)
    segments = sorted(part.all(MachOSegment), key=lambda body: body.index)
    for row, one in zip(segments, peer.segments, strict=False):
        label = f"segment[{row.index}]"
        yield from fields("lief", label, row, one, _SEGMENT)
        yield Row("lief", f"{label}.name", row.name, printable(one.name.encode()))
        yield Row("lief", f"{label}.protection", _rights(row.protection), int(one.init_protection))
        yield Row("lief", f"{label}.max_protection", _rights(row.max_protection), int(one.max_protection))
    sections = sorted(part.all(MachOSection), key=lambda body: body.index)
    for section, one in zip(sections, peer.sections, strict=False):
        label = f"section[{section.index}]"
        yield from fields("lief", label, section, one, _SECTION)
        yield Row("lief", f"{label}.name", section.name, printable(one.name.encode()))
        yield Row("lief", f"{label}.segment", section.segment, printable(one.segment_name.encode()))
        yield Row("lief", f"{label}.alignment", section.alignment, 1 << one.alignment)
        yield Row("lief", f"{label}.type", loose(section.type), loose(named(one.type)))
    yield from _libraries(part, peer)
    yield from _symbols(part, peer)


def _rights(text: str) -> int:
    return sum(_RIGHTS[letter] for letter in text)


def _libraries(part: Findings, peer: Peer) -> Iterator[Row]:
    rows = [
        (row.name, row.current_version, row.compatibility_version) for row in part.table(MachOLibraries) if row.ordinal
    ]
    told = [
        (printable(one.name.encode()), _dotted(one.current_version), _dotted(one.compatibility_version))
        for one in peer.libraries
        if named(one.command) != "ID_DYLIB"
    ]
    yield Row("lief", "library.rows", rows, told)
    paths = [row.text for row in part.table(MachOPaths) if row.what == "rpath"]
    yield Row("lief", "library.rpaths", paths, [printable(one.path.encode()) for one in peer.rpaths])


def _dotted(version: list[int]) -> str:
    return ".".join(map(str, version))


def _symbols(part: Findings, peer: Peer) -> Iterator[Row]:
    """Those of the symbol table, by their number in it."""
    table = part.one(MachOSymbolTable)
    origin = lief.MachO.Symbol.ORIGIN.SYMTAB
    entries = [one for one in peer.symbols if one.origin == origin]
    yield Row("lief", "symbol.count", table.present if table else 0, len(entries))
    for role in ("import", "export"):
        bodies = [body for body in part.all(MachOSymbols) if body.role == role and body.source == "symbol-table"]
        rows: list[tuple[Hashable, Mapping[str, object]]] = [
            (row.number, {"name": row.name, "value": row.value or 0, "description": row.description})
            for body in bodies
            for row in body.rows
        ]
        numbers = {number for number, _ in rows}
        told: list[tuple[Hashable, Mapping[str, object]]] = [
            (number, _symbol(one)) for number, one in enumerate(entries) if number in numbers
        ]
        yield from keyed("lief", role, rows, told)


def _symbol(one: Peer) -> dict[str, object]:
    name = one.name if isinstance(one.name, bytes) else one.name.encode("utf-8", "surrogateescape")
    return {"name": printable(name), "value": one.value, "description": one.description & 0xFFFF}

"""Headers, segments, sections, dynamic table, dynamic symbols with versions, and notes of an ELF file, against LIEF."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping

import lief

from rorqual.analyzers.formats.elf import names
from rorqual.analyzers.formats.elf.bodies import ELFImage, ELFOverlay, ELFSection, ELFSegments
from rorqual.analyzers.formats.elf.dynamic import ELFDynamicEntries
from rorqual.analyzers.formats.elf.names import printable
from rorqual.analyzers.formats.elf.notes import ELFIdentity, ELFNotes
from rorqual.analyzers.formats.elf.symbols import ELFSymbols, ELFVersions
from tests.parity.case import Case, Peer, Row, fields, keyed, loose, named

Keyed = Iterable[tuple[Hashable, Mapping[str, object]]]

_HEADER = {
    "entry_point": "entrypoint",
    "flags": "processor_flag",
    "header_size": "header_size",
    "program_header_size": "program_header_size",
    "section_header_size": "section_header_size",
    "abi_version": "identity_abi_version",
}
_SEGMENT = {
    "offset": "file_offset",
    "virtual_address": "virtual_address",
    "physical_address": "physical_address",
    "file_size": "physical_size",
    "memory_size": "virtual_size",
    "alignment": "alignment",
    "flags": "raw_flags",
}
_SECTION = {
    "address": "virtual_address",
    "offset": "file_offset",
    "declared_size": "size",
    "link": "link",
    "info": "information",
    "alignment": "alignment",
    "entry_size": "entry_size",
}
_MACHINES = {"I386": "386", "M68K": "68K", "ALPHAALT": "ALPHA", "ARCCOMPACT2": "ARCV2"}
_OS = {"SYSTEMV": "SYSV", "LINUX": "GNU"}
_FLAGS = {name: value for value, name in names.SECTION_FLAGS.items()}
SYMBOLS = {"NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", "COMMON", "TLS"}


def compare(case: Case) -> Iterator[Row]:
    """All of it."""
    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_symtab_symbols = False
    peer = lief.ELF.parse(str(case.path), config)
    image = case.one(ELFImage)
    if peer is None or image is None:
        yield Row("lief", "file.accepted", image is not None, peer is not None)
        return
    header = peer.header
    machine = loose(named(header.machine_type))
    yield from fields("lief", "header", image, header, _HEADER)
    for field, mine, other in (
        ("format", image.format, named(header.identity_class)),
        ("byte_order", image.byte_order, {"LSB": "little", "MSB": "big"}.get(named(header.identity_data))),
        ("type", image.type, named(header.file_type)),
        ("machine", loose(image.machine), _MACHINES.get(machine, machine)),
        ("machine_number", image.machine_number, int(header.machine_type)),
        (
            "os_abi",
            loose(image.os_abi),
            _OS.get(loose(named(header.identity_os_abi))) or loose(named(header.identity_os_abi)),
        ),
        ("segments_offset", image.program_headers_offset or 0, header.program_header_offset),
        ("sections_offset", image.section_headers_offset or 0, header.section_header_offset),
        ("interpreter", image.interpreter or "", peer.interpreter if peer.has_interpreter else ""),
        ("number_of_segments", image.number_of_segments, len(peer.segments)),
        ("number_of_sections", image.number_of_sections, len(peer.sections)),
        ("names_section", image.names_section, header.section_name_table_idx),
    ):
        yield Row("lief", f"header.{field}", mine, other)
    for row, one in zip(case.table(ELFSegments), peer.segments, strict=False):
        yield from fields("lief", f"segment[{row.number}]", row, one, _SEGMENT)
        yield Row("lief", f"segment[{row.number}].type", loose(row.type), _plain(named(one.type)))
    yield from _sections(case, peer)
    yield from _dynamic(case, peer)
    yield from _symbols(case, peer)
    yield from _notes(case, peer)
    overlay = next(iter(case.found(ELFOverlay)), None)
    yield Row("lief", "overlay.size", overlay.size if overlay else 0, len(peer.overlay))


def _sections(case: Case, peer: Peer) -> Iterator[Row]:
    sections = list(peer.sections)
    for row in case.all(ELFSection):
        one, label = sections[row.index] if row.index < len(sections) else None, f"section[{row.index}]"
        if one is None:
            yield Row("lief", f"{label}.there", True, False)
            continue
        yield from fields("lief", label, row, one, _SECTION)
        yield Row("lief", f"{label}.type", loose(row.type), _plain(named(one.type)))
        name = one.name if isinstance(one.name, bytes) else one.name.encode("utf-8", "surrogateescape")
        yield Row("lief", f"{label}.name", row.name, printable(name))
        flags = sum(_FLAGS[flag] if flag in _FLAGS else int(flag, 16) for flag in row.flags)
        yield Row("lief", f"{label}.flags", flags, int(one.flags))


def _plain(name: str) -> str:
    """A name of LIEF's without the marks that keep it apart from others in C++."""
    return re.sub(r"^(SHT|DT|PT)(?=NULL)|(?<=DEBUG)TAG$", "", loose(name))


def _dynamic(case: Case, peer: Peer) -> Iterator[Row]:
    rows = case.table(ELFDynamicEntries)
    told = [(_plain(named(one.tag)), one.value) for one in peer.dynamic_entries]
    while told and told[-1][0] in ("DTNULL", "NULL"):
        told.pop()
    yield Row("lief", "dynamic.count", len(rows), len(told))
    for number, (row, one) in enumerate(zip(rows, told, strict=False)):
        yield Row("lief", f"dynamic[{number}].tag", loose(row.tag), one[0])
        yield Row("lief", f"dynamic[{number}].value", row.value, one[1])
    for tag in ("NEEDED", "SONAME", "RPATH", "RUNPATH"):
        mine = [row.text for row in rows if row.tag == tag]
        theirs = [_text(one) for one in peer.dynamic_entries if named(one.tag) == tag]
        yield Row("lief", f"dynamic_text.{tag.lower()}", mine, theirs)


def _text(entry: Peer) -> str:
    for name in ("name", "rpath", "runpath"):
        value = getattr(entry, name, None)
        if value is not None:
            return printable(value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape"))
    return ""


def _symbols(case: Case, peer: Peer) -> Iterator[Row]:
    mine: dict[int, dict[str, object]] = {}
    for part in case.all(ELFSymbols):
        for row in part.rows:
            kind = row.type if row.type in SYMBOLS else "other"
            mine[row.number] = {
                "name": row.name,
                "value": row.value,
                "size": row.size,
                "type": kind,
                "binding": row.binding if row.binding in ("LOCAL", "GLOBAL", "WEAK", "GNU_UNIQUE") else "other",
                "visibility": row.visibility,
                "version": row.version,
            }
    theirs: Keyed = ((number, _symbol(one)) for number, one in enumerate(peer.dynamic_symbols) if number)
    yield from keyed("lief", "symbol", sorted(mine.items()), theirs)
    needed = sorted(
        (row.library or "", row.name) for part in case.all(ELFVersions) for row in part.rows if part.role == "needed"
    )
    told = sorted(
        (one.name, aux.name) for one in peer.symbols_version_requirement for aux in one.get_auxiliary_symbols()
    )
    yield Row("lief", "version.needed", needed, told)
    defined = [
        (row.name, *row.parents) for part in case.all(ELFVersions) for row in part.rows if part.role == "defined"
    ]
    others = [tuple(aux.name for aux in one.auxiliary_symbols) for one in peer.symbols_version_definition]
    yield Row("lief", "version.defined", sorted(defined), sorted(others))


def _symbol(one: Peer) -> dict[str, object]:
    name = one.name if isinstance(one.name, bytes) else one.name.encode("utf-8", "surrogateescape")
    version = one.symbol_version if one.has_version else None
    auxiliary = version.symbol_version_auxiliary if version is not None and version.has_auxiliary_version else None
    return {
        "name": printable(name),
        "value": one.value,
        "size": one.size,
        "type": named(one.type) if named(one.type) in SYMBOLS else "other",
        "binding": named(one.binding) if named(one.binding) in ("LOCAL", "GLOBAL", "WEAK", "GNU_UNIQUE") else "other",
        "visibility": named(one.visibility),
        "version": auxiliary.name if auxiliary is not None else None,
    }


def _notes(case: Case, peer: Peer) -> Iterator[Row]:
    identity = case.one(ELFIdentity)
    rows = [(row.name, row.descriptor_size) for row in case.table(ELFNotes)]
    told = [(_owner(one), len(one.description)) for one in peer.notes]
    probes = sum(owner == "stapsdt" for owner, _ in told)
    yield Row("lief", "note.stapsdt", identity.stapsdt_probes if identity else 0, probes)
    yield Row("lief", "note.rows", sorted(rows), sorted(row for row in told if row[0] != "stapsdt"))
    ids = [bytes(one.description).hex() for one in peer.notes if one.type == lief.ELF.Note.TYPE.GNU_BUILD_ID]
    yield Row("lief", "note.build_id", identity.build_id if identity else None, ids[0] if ids else None)


def _owner(note: Peer) -> str:
    try:
        name = note.name
    except UnicodeDecodeError:
        return "?"
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return printable(raw.split(b"\0")[0])

"""Imports, exports and the rich header of a PE image, against pefile and LIEF."""

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping

import lief

from rorqual.analyzers.formats.pe.linking.exports import PEExports, PEExportTable
from rorqual.analyzers.formats.pe.linking.import_bodies import (
    PEBoundImports,
    PEImportLibraries,
    PEImports,
    PEImportTable,
)
from rorqual.analyzers.formats.pe.origin.rich import PERich
from rorqual.analyzers.formats.pe.window import shown
from tests.parity.case import Case, Peer, Row, fields, keyed

Keyed = Iterable[tuple[Hashable, Mapping[str, object]]]


def against_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    """Libraries, functions, hashes, exports, the rich header."""
    yield from _imports_pefile(case, peer)
    yield from _exports_pefile(case, peer)
    mine, rich = case.one(PERich), peer.parse_rich_header()
    yield Row("pefile", "rich.there", mine is not None, rich is not None)
    if mine is not None and rich is not None:
        entries = [value for entry in mine.entries for value in (entry.product_id << 16 | entry.build, entry.uses)]
        yield Row("pefile", "rich.key", mine.key, int.from_bytes(rich["key"], "little"))
        yield Row("pefile", "rich.entries", entries, rich["values"])
        digest = hashlib.md5(rich["clear_data"], usedforsecurity=False).hexdigest()
        yield Row("pefile", "rich.hash", mine.rich_hash, digest)


def _imports_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    base = case.image.image_base
    for delay in (False, True):
        topic = "delay_import" if delay else "import"
        theirs = getattr(peer, "DIRECTORY_ENTRY_DELAY_IMPORT" if delay else "DIRECTORY_ENTRY_IMPORT", [])
        libraries = [row for row in case.table(PEImportLibraries) if row.delay == delay]
        yield Row("pefile", f"{topic}.libraries", [row.name for row in libraries], [_text(one.dll) for one in theirs])
        for number, (row, other) in enumerate(zip(libraries, theirs, strict=False)):
            struct, label = other.struct, f"{topic}_library[{number}]"
            pairs = {"timestamp": "dwTimeStamp" if delay else "TimeDateStamp"}
            pairs |= {"lookup_rva": "pINT", "address_rva": "pIAT"} if delay else {}
            pairs |= {} if delay else {"lookup_rva": "OriginalFirstThunk", "address_rva": "FirstThunk"}
            pairs |= {} if delay else {"forwarder_chain": "ForwarderChain"}
            yield from fields("pefile", label, row, struct, pairs)
        functions = [row for row in case.table(PEImportTable) if row.delay == delay]
        ours: Keyed = (
            (
                row.rva,
                {
                    "library": row.library,
                    "name": None if row.ordinal is not None else row.name,
                    "ordinal": row.ordinal,
                    "hint": row.hint,
                },
            )
            for row in functions
        )
        others: Keyed = (
            (
                one.address - base,
                {
                    "library": _text(entry.dll),
                    "name": None if one.import_by_ordinal else _text(one.name),
                    "ordinal": one.ordinal if one.import_by_ordinal else None,
                    "hint": one.hint,
                },
            )
            for entry in theirs
            for one in entry.imports
        )
        yield from keyed("pefile", topic, ours, others)
    mine = case.one(PEImports)
    yield Row("pefile", "import_hash.value", mine.import_hash or "" if mine else "", peer.get_imphash())
    bound = [(row.name, row.timestamp, row.forwarded_by) for row in case.table(PEBoundImports)]
    told: list[tuple[str | None, int, str | None]] = []
    for entry in getattr(peer, "DIRECTORY_ENTRY_BOUND_IMPORT", []):
        told.append((_text(entry.name), entry.struct.TimeDateStamp, None))
        told += [(_text(one.name), one.struct.TimeDateStamp, _text(entry.name)) for one in entry.entries]
    yield Row("pefile", "bound_import.rows", bound, told)


def _exports_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    mine, theirs = case.one(PEExports), getattr(peer, "DIRECTORY_ENTRY_EXPORT", None)
    yield Row("pefile", "exports.there", mine is not None, theirs is not None)
    if mine is None or theirs is None:
        return
    pairs = {
        "timestamp": "TimeDateStamp",
        "characteristics": "Characteristics",
        "base": "Base",
        "number_of_functions": "NumberOfFunctions",
        "number_of_names": "NumberOfNames",
    }
    yield from fields("pefile", "exports", mine, theirs.struct, pairs)
    yield Row("pefile", "exports.version", mine.version, f"{theirs.struct.MajorVersion}.{theirs.struct.MinorVersion}")
    yield Row("pefile", "exports.module", mine.name, _text(theirs.name))
    yield Row("pefile", "exports.hash", mine.export_hash or "", peer.get_exphash())
    ours: Keyed = (
        ((row.ordinal, row.name), {"rva": row.rva, "forwarder": row.forwarder}) for row in case.table(PEExportTable)
    )
    others: Keyed = (
        ((one.ordinal, _text(one.name)), {"rva": one.address, "forwarder": _text(one.forwarder)})
        for one in theirs.symbols
    )
    yield from keyed("pefile", "export", ours, others)


def against_lief(case: Case, peer: Peer) -> Iterator[Row]:
    """Libraries, functions, exports, the rich header."""
    yield from _imports_lief(case, peer)
    yield from _exports_lief(case, peer)
    mine, rich = case.one(PERich), peer.rich_header if peer.has_rich_header else None
    yield Row("lief", "rich.there", mine is not None, rich is not None)
    if mine is not None and rich is not None:
        entries = [(entry.product_id, entry.build, entry.uses) for entry in mine.entries]
        # LIEF lists the entries from the last to the first.
        others = [(one.id, one.build_id, one.count) for one in rich.entries][::-1]
        yield Row("lief", "rich.key", mine.key, rich.key)
        yield Row("lief", "rich.entries", entries, others)
        case.notes["rich"] = hashlib.md5(bytes(rich.raw())[:-8], usedforsecurity=False).hexdigest()
        yield Row("lief", "rich.hash", mine.rich_hash, bytes(rich.hash(lief.PE.ALGORITHMS.MD5)).hex())


def _imports_lief(case: Case, peer: Peer) -> Iterator[Row]:
    base = case.image.image_base
    libraries = [row for row in case.table(PEImportLibraries) if not row.delay]
    theirs = list(peer.imports)
    yield Row("lief", "import.libraries", [row.name for row in libraries], [_shown(one.name) for one in theirs])
    pairs = {
        "timestamp": "timedatestamp",
        "forwarder_chain": "forwarder_chain",
        "lookup_rva": "import_lookup_table_rva",
        "address_rva": "import_address_table_rva",
    }
    for number, (row, other) in enumerate(zip(libraries, theirs, strict=False)):
        yield from fields("lief", f"import_library[{number}]", row, other, pairs)
    delayed = [row for row in case.table(PEImportLibraries) if row.delay]
    others = list(peer.delay_imports)
    yield Row("lief", "delay_import.libraries", [row.name for row in delayed], [_shown(one.name) for one in others])
    pairs = {"timestamp": "timestamp", "lookup_rva": "names_table", "address_rva": "iat"}
    for number, (row, other) in enumerate(zip(delayed, others, strict=False)):
        yield from fields("lief", f"delay_import_library[{number}]", row, other, pairs)
    functions = case.table(PEImportTable)
    rows = [(row.rva, _import(row.library, row)) for row in functions if not row.delay]
    told = [(one.iat_address, _told(entry.name, one)) for entry in theirs for one in entry.entries]
    yield from keyed("lief", "import", rows, told)
    rows = [((row.library, number), _import(row.library, row)) for number, row in _within(functions)]
    told = [
        ((_shown(entry.name), number), _told(entry.name, one))
        for entry in others
        for number, one in enumerate(entry.entries)
    ]
    yield from keyed("lief", "delay_import", rows, told)
    case.notes["image_base"] = base


def _within(functions: list[object]) -> Iterator[tuple[int, Peer]]:
    """Delayed functions, numbered in their library."""
    library, number = None, 0
    for row in functions:
        if not row.delay:  # type: ignore[attr-defined]  # a PEImport
            continue
        number = number + 1 if row.library == library else 0  # type: ignore[attr-defined]  # as above
        library = row.library  # type: ignore[attr-defined]  # as above
        yield number, row


def _import(library: str | None, row: Peer) -> dict[str, object]:
    by_ordinal = row.ordinal is not None
    return {
        "library": library,
        "name": None if by_ordinal else row.name,
        "ordinal": row.ordinal,
        "hint": None if by_ordinal else row.hint,
    }


def _told(library: object, one: Peer) -> dict[str, object]:
    return {
        "library": _shown(library),
        "name": None if one.is_ordinal else _shown(one.name),
        "ordinal": one.ordinal if one.is_ordinal else None,
        "hint": None if one.is_ordinal else one.hint,
    }


def _exports_lief(case: Case, peer: Peer) -> Iterator[Row]:
    mine = case.one(PEExports)
    theirs = peer.get_export() if peer.has_exports else None
    yield Row("lief", "exports.there", mine is not None, theirs is not None)
    if mine is None or theirs is None:
        return
    pairs = {
        "timestamp": "timestamp",
        "characteristics": "export_flags",
        "base": "ordinal_base",
        "number_of_functions": "export_addr_table_cnt",
        "number_of_names": "names_addr_table_cnt",
    }
    yield from fields("lief", "exports", mine, theirs, pairs)
    yield Row("lief", "exports.version", mine.version, f"{theirs.major_version}.{theirs.minor_version}")
    yield Row("lief", "exports.module", mine.name or "", _shown(theirs.name))
    ours: Keyed = (
        ((row.ordinal, row.name or ""), {"rva": row.rva, "forwarder": row.forwarder})
        for row in case.table(PEExportTable)
    )
    others: Keyed = (
        (
            (one.ordinal, _shown(one.name)),
            {
                "rva": one.function_rva if one.is_forwarded else one.address,
                "forwarder": _forwarder(one.forward_information) if one.is_forwarded else None,
            },
        )
        for one in theirs.entries
    )
    yield from keyed("lief", "export", ours, others)


def _forwarder(forward: Peer) -> str:
    return f"{_shown(forward.library)}.{_shown(forward.function)}"


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else shown(raw)


def _shown(text: object) -> str:
    """A name as LIEF has it: text where it is UTF-8, else bytes."""
    raw = text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")
    return shown(raw)

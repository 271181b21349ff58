"""Resources and version information of a PE image, against pefile and LIEF."""

from collections.abc import Callable, Hashable, Iterator

from rorqual.analyzers.formats.pe.resources.resource_bodies import PEResource, PEResourceRows
from rorqual.analyzers.formats.pe.resources.resource_names import escaped, escaped_lines, type_name
from rorqual.analyzers.formats.pe.resources.version import PEVersion, PEVersionStrings
from tests.parity.case import WHOLE, Case, Peer, Row, keyed

Leaves = list[tuple[Hashable, dict[str, object]]]


def against_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    """Leaves, and the strings of versions."""
    theirs: Leaves = []
    root = getattr(peer, "DIRECTORY_ENTRY_RESOURCE", None)
    if root is not None:
        _walk(root, (), theirs)
    case.notes["pefile resources"] = {key for key, _ in theirs}
    yield from keyed("pefile", "resource", _ours(case), theirs)
    told = []
    for info in getattr(peer, "FileInfo", []):
        for part in info:
            for table in getattr(part, "StringTable", []):
                for key, value in table.entries.items():
                    told.append((_text(table.LangID), _text(key), _text(value)))
    yield Row("pefile", "version.strings", sorted(_strings(case)), sorted(told))
    fixed = getattr(peer, "VS_FIXEDFILEINFO", [])
    mine = [body.fixed for body in sorted(case.all(PEVersion), key=_at(case)) if body.fixed is not None]
    yield Row("pefile", "version.fixed", len(mine), len(fixed))
    for number, (ours, one) in enumerate(zip(mine, fixed, strict=False)):
        label = f"version[{number}]"
        version = _dotted(one.FileVersionMS, one.FileVersionLS)
        yield Row("pefile", f"{label}.file_version", ours.file_version, version)
        product = _dotted(one.ProductVersionMS, one.ProductVersionLS)
        yield Row("pefile", f"{label}.product_version", ours.product_version, product)
        yield Row("pefile", f"{label}.subtype", ours.subtype, one.FileSubtype)


def _at(case: Case) -> Callable[[PEVersion], int]:
    offsets = {id(finding.body): finding.offset for finding in case.found(PEVersion)}
    return lambda body: offsets[id(body)]


def _walk(directory: Peer, path: tuple[object, ...], leaves: Leaves) -> None:
    for entry in directory.entries:
        key = (*path, str(entry.name.string, "utf-8", "backslashreplace") if entry.name is not None else entry.id)
        if hasattr(entry, "directory"):
            _walk(entry.directory, key, leaves)
        elif hasattr(entry, "data"):
            struct = entry.data.struct
            leaves.append((_key(key), {"rva": struct.OffsetToData, "size": struct.Size, "code_page": struct.CodePage}))


def _key(path: tuple[object, ...]) -> tuple[object, ...]:
    kind = path[0]
    shown = type_name(kind) if isinstance(kind, int) else escaped(str(kind))
    name = path[1] if len(path) > 1 else None
    language = path[2] if len(path) > 2 else None
    return (shown, None if name is None else escaped(str(name)), language)


def _ours(case: Case) -> Iterator[tuple[Hashable, dict[str, object]]]:
    for body in case.all(PEResource):
        row: dict[str, object] = {"rva": body.rva, "size": body.data_size, "code_page": body.code_page}
        yield (body.type, body.name, body.language_id), row
    for rest in case.table(PEResourceRows):
        yield (rest.type, rest.name, rest.language_id), {"rva": rest.rva, "size": rest.data_size, "code_page": 0}


def against_lief(case: Case, peer: Peer) -> Iterator[Row]:
    """Leaves, and the strings of versions."""
    if case.size > WHOLE:
        case.skipped["resources by LIEF, file above 64 MiB"] += 1
        return
    theirs: Leaves = []
    if peer.has_resources and peer.resources is not None:
        _descend(peer.resources, (), theirs)
    ours = [(key, {name: row[name] for name in ("size", "code_page")}) for key, row in _ours(case)]
    yield from keyed("lief", "resource", ours, theirs)
    manager = peer.resources_manager if peer.has_resources else None
    versions = manager.version if manager is not None and manager.has_version else []
    told = []
    for version in versions:
        strings = version.string_file_info
        for table in strings.children if strings is not None else ():
            told += [(escaped(table.key), escaped_lines(one.key), escaped_lines(one.value)) for one in table.entries]
    yield Row("lief", "version.strings", sorted(_strings(case)), sorted(told))


def _descend(node: Peer, path: tuple[object, ...], leaves: Leaves) -> None:
    for child in node.childs:
        key = (*path, child.name if child.has_name else child.id)
        if child.is_data:
            leaves.append((_key(key), {"size": len(child.content), "code_page": child.code_page}))
        else:
            _descend(child, key, leaves)


def _strings(case: Case) -> list[tuple[str, str, str]]:
    return [(part.key, row.key, row.value) for part in case.all(PEVersionStrings) for row in part.rows]


def _dotted(high: int, low: int) -> str:
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _text(raw: bytes) -> str:
    return escaped_lines(raw.decode("utf-8", "backslashreplace"))

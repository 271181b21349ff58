"""Who an assembly is, and whom it calls: identity, attributes, references, native imports, entry point."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from rorqual.analyzers.formats.pe.dotnet.bodies import DotNetAttribute, DotNetImport, DotNetReference
from rorqual.analyzers.formats.pe.dotnet.metadata import Metadata, compressed
from rorqual.analyzers.formats.pe.dotnet.tables import (
    ASSEMBLY,
    ASSEMBLY_REF,
    CUSTOM_ATTRIBUTE,
    FILE,
    IMPL_MAP,
    MEMBER_REF,
    METHOD_DEF,
    MODULE_REF,
    TYPE_DEF,
    TYPE_REF,
    chosen,
)
from rorqual.analyzers.formats.pe.dotnet.words import shown

ATTRIBUTES_MAX = 64  # told; assemblies have about ten
VALUE_MAX = 4096  # bytes told of a value
_ONE_TEXT = b"\x20\x01\x01\x0e"  # an instance method that takes a string and returns nothing (section 23.2.1)
_PROLOG = b"\x01\x00"
_NULL = 0xFF  # a SerString that is null
_FULL_KEY = 0x1  # of AssemblyRef's flags: the whole public key stands there, not its token
_TOKEN = 8  # bytes


class Assembly(NamedTuple):
    """The manifest's own row; all None in a module without one."""

    name: str | None = None
    version: str | None = None
    culture: str | None = None
    token: str | None = None
    typelib_id: str | None = None
    framework: str | None = None
    attributes: tuple[DotNetAttribute, ...] = ()


def assembly_of(metadata: Metadata) -> Assembly:
    """The identity of the assembly and what its attributes say."""
    row = metadata.row(ASSEMBLY, 1)
    if row is None:
        return Assembly()
    _, major, minor, build, revision, _, key, name, culture = row
    attributes = tuple(_attributes(metadata))
    values = {attribute.name: attribute.value for attribute in attributes}
    return Assembly(
        shown(metadata.string(name)),
        f"{major}.{minor}.{build}.{revision}",
        shown(metadata.string(culture)) or "neutral",
        _token(metadata.blob(key), full=True),
        values.get("System.Runtime.InteropServices.GuidAttribute"),
        values.get("System.Runtime.Versioning.TargetFrameworkAttribute"),
        attributes,
    )


def references(metadata: Metadata) -> Iterator[DotNetReference]:
    """The assemblies referred to, in the order of their table."""
    for major, minor, build, revision, flags, key, name, culture, _ in metadata.rows(ASSEMBLY_REF):
        yield DotNetReference(
            shown(metadata.string(name)),
            f"{major}.{minor}.{build}.{revision}",
            shown(metadata.string(culture)) or "neutral",
            _token(metadata.blob(key), full=bool(flags & _FULL_KEY)),
        )


def imports(metadata: Metadata) -> Iterator[DotNetImport]:
    """The native functions called, in the order of their table."""
    modules: dict[int, str] = {}
    for _, member, name, module in metadata.rows(IMPL_MAP):
        if module not in modules:
            row = metadata.row(MODULE_REF, module)
            modules[module] = shown(metadata.string(row[0])) if row else ""
        text = metadata.string(name)
        if not text and (method := metadata.row(*chosen("MemberForwarded", member))) is not None:
            text = metadata.string(method[3])
        yield DotNetImport(modules[module], shown(text))


def entry_name(metadata: Metadata, token: int) -> str | None:
    """The method or file that a token names; None where it names nothing."""
    table, index = token >> 24, token & 0xFF_FFFF
    row = metadata.row(table, index) if table in (METHOD_DEF, FILE) else None
    if row is None:
        return None
    if table == FILE:
        return shown(metadata.string(row[1]))
    owner = _owner(metadata, index)
    return f"{owner}::{shown(metadata.string(row[3]))}" if owner else shown(metadata.string(row[3]))


def _owner(metadata: Metadata, method: int) -> str:
    """The type that a method belongs to: the last whose methods begin at or before it."""
    table = metadata.tables.get(TYPE_DEF)
    low, high = 1, table.rows if table is not None else 0
    while low < high:
        middle = (low + high + 1) // 2
        row = metadata.row(TYPE_DEF, middle)
        if row is None or row[5] > method:
            high = middle - 1
        else:
            low = middle
    row = metadata.row(TYPE_DEF, low)
    return _type_name(metadata, row[2], row[1]) if row is not None and row[5] <= method else ""


def _attributes(metadata: Metadata) -> Iterator[DotNetAttribute]:
    """The assembly's attributes with one text."""
    told = 0
    for parent, kind, value in metadata.rows(CUSTOM_ATTRIBUTE):
        if chosen("HasCustomAttribute", parent) != (ASSEMBLY, 1):
            continue
        table, index = chosen("CustomAttributeType", kind)
        constructor = metadata.row(MEMBER_REF, index) if table == MEMBER_REF else None
        if constructor is None or metadata.blob(constructor[2]) != _ONE_TEXT:
            continue
        owner, row_index = chosen("MemberRefParent", constructor[0])
        row = metadata.row(TYPE_REF, row_index) if owner == TYPE_REF else None
        if row is None:
            continue
        yield DotNetAttribute(_type_name(metadata, row[2], row[1]), _text(metadata.blob(value)))
        told += 1
        if told == ATTRIBUTES_MAX:
            return


def _text(blob: bytes) -> str | None:
    """The one argument of an attribute."""
    if not blob.startswith(_PROLOG) or len(blob) < 3 or blob[2] == _NULL:
        return None
    size, head = compressed(blob[2:6])
    return shown(blob[2 + head : 2 + head + min(size, VALUE_MAX)])


def _type_name(metadata: Metadata, namespace: int, name: int) -> str:
    parts = (metadata.string(namespace), metadata.string(name))
    return ".".join(shown(part) for part in parts if part)


def _token(key: bytes, *, full: bool) -> str | None:
    """A public key token: the last eight bytes of the key's SHA-1, backwards (section 6.3)."""
    if not key:
        return None
    if not full:
        return key.hex()
    return hashlib.sha1(key, usedforsecurity=False).digest()[: -_TOKEN - 1 : -1].hex()

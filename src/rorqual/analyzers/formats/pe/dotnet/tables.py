"""The tables of .NET metadata: what columns each has, and how to read its rows.

ECMA-335, partition II, sections 22 (the tables), 24.2.6 (their layout) and 22.1 to 22.39 for each by itself. Columns
are as wide as the heaps and tables that they point into demand.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

MODULE, TYPE_REF, TYPE_DEF, METHOD_DEF, MEMBER_REF = 0x00, 0x01, 0x02, 0x06, 0x0A
CUSTOM_ATTRIBUTE, MODULE_REF, IMPL_MAP, ASSEMBLY, ASSEMBLY_REF = 0x0C, 0x1A, 0x1C, 0x20, 0x23
FILE, EXPORTED_TYPE, MANIFEST_RESOURCE = 0x26, 0x27, 0x28
LAST = 0x2C

# 2 and 4 are fixed widths, a letter is a heap (S strings, G GUIDs, B blobs), xNN a table, a word a coded index.
_COLUMNS: dict[int, tuple[str, str]] = {
    0x00: ("Module", "2 S G G G"),
    0x01: ("TypeRef", "ResolutionScope S S"),
    0x02: ("TypeDef", "4 S S TypeDefOrRef x04 x06"),
    0x03: ("FieldPtr", "x04"),
    0x04: ("Field", "2 S B"),
    0x05: ("MethodPtr", "x06"),
    0x06: ("MethodDef", "4 2 2 S B x08"),
    0x07: ("ParamPtr", "x08"),
    0x08: ("Param", "2 2 S"),
    0x09: ("InterfaceImpl", "x02 TypeDefOrRef"),
    0x0A: ("MemberRef", "MemberRefParent S B"),
    0x0B: ("Constant", "2 HasConstant B"),
    0x0C: ("CustomAttribute", "HasCustomAttribute CustomAttributeType B"),
    0x0D: ("FieldMarshal", "HasFieldMarshal B"),
    0x0E: ("DeclSecurity", "2 HasDeclSecurity B"),
    0x0F: ("ClassLayout", "2 4 x02"),
    0x10: ("FieldLayout", "4 x04"),
    0x11: ("StandAloneSig", "B"),
    0x12: ("EventMap", "x02 x14"),
    0x13: ("EventPtr", "x14"),
    0x14: ("Event", "2 S TypeDefOrRef"),
    0x15: ("PropertyMap", "x02 x17"),
    0x16: ("PropertyPtr", "x17"),
    0x17: ("Property", "2 S B"),
    0x18: ("MethodSemantics", "2 x06 HasSemantics"),
    0x19: ("MethodImpl", "x02 MethodDefOrRef MethodDefOrRef"),
    0x1A: ("ModuleRef", "S"),
    0x1B: ("TypeSpec", "B"),
    0x1C: ("ImplMap", "2 MemberForwarded S x1A"),
    0x1D: ("FieldRVA", "4 x04"),
    0x1E: ("EncLog", "4 4"),
    0x1F: ("EncMap", "4"),
    0x20: ("Assembly", "4 2 2 2 2 4 B S S"),
    0x21: ("AssemblyProcessor", "4"),
    0x22: ("AssemblyOS", "4 4 4"),
    0x23: ("AssemblyRef", "2 2 2 2 4 B S S B"),
    0x24: ("AssemblyRefProcessor", "4 x23"),
    0x25: ("AssemblyRefOS", "4 4 4 x23"),
    0x26: ("File", "4 S B"),
    0x27: ("ExportedType", "4 4 S S Implementation"),
    0x28: ("ManifestResource", "4 4 S Implementation"),
    0x29: ("NestedClass", "x02 x02"),
    0x2A: ("GenericParam", "2 2 TypeOrMethodDef S"),
    0x2B: ("MethodSpec", "MethodDefOrRef B"),
    0x2C: ("GenericParamConstraint", "x2A TypeDefOrRef"),
}
# Coded indexes: bits of the tag, and the tables that it chooses from (-1: none).
_CODED: dict[str, tuple[int, tuple[int, ...]]] = {
    "TypeDefOrRef": (2, (0x02, 0x01, 0x1B)),
    "HasConstant": (2, (0x04, 0x08, 0x17)),
    "HasCustomAttribute": (
        5,
        (
            *(0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0A, 0x00, 0x0E, 0x17, 0x14, 0x11, 0x1A, 0x1B, 0x20, 0x23, 0x26),
            *(0x27, 0x28, 0x2A, 0x2C, 0x2B),
        ),
    ),
    "HasFieldMarshal": (1, (0x04, 0x08)),
    "HasDeclSecurity": (2, (0x02, 0x06, 0x20)),
    "MemberRefParent": (3, (0x02, 0x01, 0x1A, 0x06, 0x1B)),
    "HasSemantics": (1, (0x14, 0x17)),
    "MethodDefOrRef": (1, (0x06, 0x0A)),
    "MemberForwarded": (1, (0x04, 0x06)),
    "Implementation": (2, (0x26, 0x23, 0x27)),
    "CustomAttributeType": (3, (-1, -1, 0x06, 0x0A, -1)),
    "ResolutionScope": (2, (0x00, 0x1A, 0x23, 0x01)),
    "TypeOrMethodDef": (1, (0x02, 0x06)),
}
_HEAP_BITS = {"S": 1, "G": 2, "B": 4}  # of HeapSizes: the heap's indexes have four bytes
_LETTER = {2: "H", 4: "I"}


class Table(NamedTuple):
    """Where a table lies in the stream of tables, and how its rows are laid out."""

    name: str
    at: int
    rows: int
    row: struct.Struct

    @property
    def size(self) -> int:
        return self.rows * self.row.size


def tables(at: int, counts: Mapping[int, int], heap_sizes: int) -> dict[int, Table]:
    """The tables by number; `at` is where the first one begins, `counts` has the rows of each that is there."""
    found: dict[int, Table] = {}
    for number in sorted(counts):
        name, columns = _COLUMNS[number]
        letters = (_LETTER[_width(column, counts, heap_sizes)] for column in columns.split())
        table = Table(name, at, counts[number], struct.Struct("<" + "".join(letters)))
        found[number] = table
        at += table.size
    return found


def _width(column: str, counts: Mapping[int, int], heap_sizes: int) -> int:
    if column in ("2", "4"):
        return int(column)
    if column in _HEAP_BITS:
        return 4 if heap_sizes & _HEAP_BITS[column] else 2
    if column in _CODED:
        bits, choices = _CODED[column]
        return 4 if max(counts.get(choice, 0) for choice in choices) >= 1 << (16 - bits) else 2
    return 4 if counts.get(int(column[1:], 16), 0) >= 1 << 16 else 2


def chosen(kind: str, coded: int) -> tuple[int, int]:
    """(table, row from 1) that a coded index leads to; table -1 where it leads nowhere."""
    bits, choices = _CODED[kind]
    tag = coded & ((1 << bits) - 1)
    return choices[tag] if tag < len(choices) else -1, coded >> bits


def is_known(number: int) -> bool:
    """Whether the standard has such a table."""
    return number in _COLUMNS


def rows_in(table: Table, data: bytes) -> Iterator[tuple[int, ...]]:
    """The rows of which all bytes are in `data`, a stretch of the table."""
    return table.row.iter_unpack(data[: len(data) - len(data) % table.row.size])

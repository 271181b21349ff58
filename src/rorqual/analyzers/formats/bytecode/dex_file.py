"""The header, the map and the names of classes of a Dalvik executable.

https://source.android.com/docs/core/runtime/dex-format. Numbers are little-endian; big-endian files, which the
specification allows, are written by nobody and not handled.
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.reader import Reader
from rorqual.sdk import Malformed, View

HEADER = 0x70
SIZE_MOST = 1 << 32
MAP_MOST = 64  # kinds of items there are, with room for new ones
NO_INDEX = 0xFFFFFFFF
HEADER_ITEM, MAP_ITEM = 0x0000, 0x1000
_HEADER = struct.Struct("<8sI20s3I17I")
_ITEM = struct.Struct("<2H2I")


class Header(NamedTuple):
    """As stored; tables as (entries, offset)."""

    checksum: int
    signature: bytes
    file_size: int
    header_size: int
    endian: int
    link_size: int
    link_at: int
    map_at: int
    strings: tuple[int, int]
    types: tuple[int, int]
    protos: tuple[int, int]
    fields: tuple[int, int]
    methods: tuple[int, int]
    classes: tuple[int, int]
    data: tuple[int, int]


def header(view: View) -> Header:
    """The header.

    Raises:
        Malformed: sizes and offsets cannot be.
    """
    _, checksum, signature, size, own, endian, link, link_at, map_at, *tables = _HEADER.unpack(view.exact(0, HEADER))
    pairs = [(tables[at], tables[at + 1]) for at in range(0, 14, 2)]
    found = Header(checksum, signature, size, own, endian, link, link_at, map_at, *pairs)
    if own < HEADER or endian != 0x12345678 or not own <= size < SIZE_MOST:
        raise Malformed(view.offset + 32, "sizes and the order of bytes of a dex file")
    for (count, at), width in zip(pairs, (4, 4, 12, 8, 8, 32, 1), strict=True):
        if count and at + count * width > size and own == HEADER:
            raise Malformed(view.offset + 0x38, f"tables inside {size} bytes")
    if not HEADER <= map_at < size - 4 and own == HEADER:
        raise Malformed(view.offset + 0x34, "a map inside the file")
    return found


def map_agrees(view: View, found: Header) -> bool:
    """Whether the map lists what the header does, in order, inside the file."""
    count = int.from_bytes(view.exact(found.map_at, 4), "little")
    if not 1 < count <= MAP_MOST:
        return False
    rows = list(_ITEM.iter_unpack(view.exact(found.map_at + 4, count * _ITEM.size)))
    places = [row[3] for row in rows]
    listed = {row[0]: (row[2], row[3]) for row in rows}
    tables = (found.strings, found.types, found.protos, found.fields, found.methods, found.classes)
    return (
        places == sorted(places)
        and places[-1] < found.file_size
        and listed.get(HEADER_ITEM) == (1, 0)
        and listed.get(MAP_ITEM, (0, 0))[1] == found.map_at
        and all(listed.get(kind + 1, (0, 0))[0] == table[0] for kind, table in enumerate(tables))
    )


def class_names(view: View, found: Header, most: int) -> list[bytes]:
    """The descriptors of the first classes: "Lorg/example/Main;"."""
    count, at = found.classes
    names = []
    for index in range(min(count, most)):
        name = type_name(view, found, int.from_bytes(view.exact(at + 32 * index, 4), "little"))
        if name is None:
            break
        names.append(name)
    return names


def type_name(view: View, found: Header, index: int) -> bytes | None:
    """A type's descriptor."""
    if index >= found.types[0]:
        return None
    text = int.from_bytes(view.exact(found.types[1] + 4 * index, 4), "little")
    if text >= found.strings[0]:
        return None
    reader = Reader(view, int.from_bytes(view.exact(found.strings[1] + 4 * text, 4), "little"))
    reader.leb()
    return reader.peek(256).partition(b"\0")[0]

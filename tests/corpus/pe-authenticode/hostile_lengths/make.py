"""Lengths that lie: of the structure, of an entry that runs past the table, of the table against its entries."""

import struct

from tests.builders.authenticode import build as signed
from tests.builders.authenticode import table_of, with_table


def build() -> bytes:
    data = signed()
    at, size = table_of(data)
    content = bytearray(data[at + 8 : at + size])
    content[2:4] = b"\xff\xff"
    entry = struct.pack("<IHH", 8 + len(content), 0x200, 2) + content
    return with_table(data, entry + struct.pack("<IHH", 0xFFFF_FFF0, 0x200, 2) + bytes(100))

"""The table lies over the first section, the sections behind it: the digest holds, and the loader runs the payload."""

import struct

from tests.builders.authenticode import build as signed
from tests.builders.authenticode import holes, table_of
from tests.builders.pe import Image


def build() -> bytes:
    data = signed()
    at, first = table_of(data)[0], 0x200
    table = data[at:] + b"\xcc" * 0x600
    changed = bytearray(data[:first] + table + data[first:at])
    struct.pack_into("<II", changed, holes(Image())[1], first, len(table))
    return bytes(changed)

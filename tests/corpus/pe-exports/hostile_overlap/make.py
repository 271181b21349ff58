"""40 names, each the end of the one before."""

import struct

from tests.builders.pe_tables import RVA, Exports, Tables, exports, image_with


def build() -> bytes:
    tables = exports(Exports((0x1000,), ((b"", 0),) * 40, module=b"x" * 300))
    data = bytearray(tables.data)
    start = RVA + 40 + 4 + 40 * 6
    struct.pack_into("<40I", data, 44, *(start + n for n in range(40)))
    return image_with(Tables(bytes(data), tables.directories))

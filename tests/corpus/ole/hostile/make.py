"""A chain that loops, one that leads outside, a size beyond all, a tree that bites its tail, bytes in a free sector."""

import struct

from tests.builders.documents_ole import compound


def build() -> bytes:
    data = bytearray(compound({"Book": bytes(70), "a": b"x" * 100, "b": b"y" * 100, "c": b"z" * 65}))
    minis, entries = data.index(struct.pack("<2I", 1, 0xFFFFFFFE), 512), data.index("Root".encode("utf-16-le"))
    data[minis + 12 : minis + 16] = struct.pack("<I", 2)  # of "a": its second mini sector leads to its first
    data[minis + 20 : minis + 24] = struct.pack("<I", 0x9999)
    data[entries + 128 + 120 : entries + 128 + 124] = struct.pack("<I", 0x7FFFFFFF)
    data[entries + 4 * 128 + 72 : entries + 4 * 128 + 76] = struct.pack("<I", 2)
    fat = 512
    free = data.index(struct.pack("<I", 0xFFFFFFFF), fat)
    data[free + 4 : free + 8] = struct.pack("<I", 0xFFFFFFFE)
    return bytes(data) + b"PK\3\4 in a free sector".ljust(512, b"\0") + b"in a sector of no stream".ljust(512, b"\0")

"""Slices that overlap, lie over the header, past the end, are misaligned, for unknown and other processors."""

import struct

from tests.builders.macho import X86_64, fat
from tests.builders.macho import build as program


def build() -> bytes:
    rows = (
        (X86_64, 3, 0x1000, 12_784, 12),
        (X86_64, 3, 0x1000, 12_784, 12),
        (12, 9, 0x1000, 64, 12),
        (7, 3, 0, 0xFFFF_FFFF, 0),
        (18, 0, 0xFFFF_FFFF, 0xFFFF_FFFF, 31),
        (99, 0, 0x1801, 16, 12),
        (18, 0, 0x2000, 0, 255),
    )
    table = b"".join(struct.pack(">5I", *row) for row in rows)
    return fat(tuple((X86_64, 3, b"") for _ in rows), rows=table) + program()

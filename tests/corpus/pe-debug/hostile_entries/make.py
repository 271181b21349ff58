"""Lying sizes and places, a path with control characters, a directory without end."""

import struct

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, debug, holding, rsds


def build() -> bytes:
    data = debug(
        (2, rsds(b"\x1b[2J\xe2\x80\xae\xffevil.pdb")), (13, b"\xff" * 400), (2, b"what"), pointer=0x800, stamp=0x1234
    )
    data += struct.pack("<IIHHIIII", 0, 0x99, 0, 0, 0x7777, 0xFFFF_FFFF, 0xFFFF_FFFF, 0x900) * 3
    return image(holding(data, {6: (AT, 0x1000_0001)}))

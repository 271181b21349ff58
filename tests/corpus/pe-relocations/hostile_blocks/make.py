"""Pages out of order and outside, types that are none, a block longer than all."""

import struct

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, relocations


def build() -> bytes:
    data = relocations((0x2000, (0xF000, 0xB001)), (0x1004, (0x3000,)), (0xFFFF_F000, (0xA000,)), (0x1000, ()))
    data += struct.pack("<II", 0x3000, 0xFFFF_FFFE)
    return image(holding(data, {5: (AT, 0xFFFF_FFFF)}))

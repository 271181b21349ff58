"""Every descriptor and every thunk of the section points to itself, and there is no end."""

import struct

from tests.builders.pe_tables import RVA, Tables, image_with


def build() -> bytes:
    data = struct.pack("<I", RVA + 2) * 300
    return image_with(Tables(data, {1: (RVA, 0xFFFF_FFFF), 13: (RVA + 4, 1)}))

"""Directories in circles, shared, too deep and outside; names, entries, data and counts that lead nowhere."""

import struct

from tests.builders.pe_resources import DEEPER, RVA, data_entry, directory, image


def build() -> bytes:
    tables = {
        0x000: directory(
            [
                (DEEPER | 0x7FFF_0000, DEEPER | 0x100),  # a name outside
                (DEEPER | 0x600, 0x200),  # a name too long; a leaf where the names should be
                (1, DEEPER),  # back to the root
                (9, DEEPER | 0x100),  # shared
                (5, DEEPER | 0x7FFF_FFF0),  # outside, and out of order
                (5, 0x7FFF_FFF0),  # a repeated number; an entry outside
                (6, DEEPER | 0x180),
            ]
        ),
        0x100: directory([(1, DEEPER | 0x140), (2, DEEPER | 0x100), (0x1_0000, 0x210)]),
        0x140: directory([(0, 0x220), (1033, 0x230)]),
        0x180: directory([(1, DEEPER | 0x1A0)]),
        0x1A0: directory([(1, DEEPER | 0x1C0)]),
        0x1C0: directory([(1, DEEPER | 0x1E0)]),  # a fourth level
        0x1E0: directory([(1, 0x240)]),
        0x200: data_entry(RVA + 0x300, 0x40),
        0x210: data_entry(0x7000_0000, 0x40),  # not mapped
        0x220: data_entry(RVA + 0x320, 0xFFFF_FFFF),  # past the end
        0x230: data_entry(RVA + 0x310, 0x20),  # on the bytes of another
        0x240: data_entry(RVA + 0x300, 0x10),
        0x300: bytes(range(0x40)),
        0x600: struct.pack("<H", 300) + "N".encode("utf-16-le") * 300,
    }
    section = bytearray(0x900)
    for at, data in tables.items():
        section[at : at + len(data)] = data
    return image(bytes(section))

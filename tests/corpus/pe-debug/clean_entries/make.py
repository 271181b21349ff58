"""An entry of each type that is read."""

import struct

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, debug, holding, rsds


def build() -> bytes:
    pogo = (
        struct.pack("<III", 0x5047_4F00, 0x1000, 0x500)
        + b".text$mn\0\0\0\0"
        + struct.pack("<II", AT, 0x20)
        + b".CRT$XCU\0\0\0\0"
    )
    entries = (
        (2, rsds(b"C:\\build\\whale.pdb", age=0x1A)),
        (12, struct.pack("<5I", 1, 22, 33, 4, 5)),
        (13, pogo),
        (14, b""),
        (16, struct.pack("<I", 32) + bytes(range(32))),
        (17, b"MPDB" + struct.pack("<I", 999) + b"deflated"),
        (19, b"SHA256\0" + bytes(32)),
        (20, struct.pack("<I", 0x41)),
    )
    return image(holding(debug(*entries, pointer=0x800), {6: (AT, 28 * len(entries))}))

"""DOS headers whose e_lfanew lead to each other, to themselves and nowhere, around one true image."""

import struct

from tests.builders.pe import build as image


def build() -> bytes:
    def dos(e_lfanew: int) -> bytes:
        return b"MZ" + bytes(58) + struct.pack("<I", e_lfanew)

    flood = b"".join(dos(at) for at in (0, 64, 128, 0x0FFF_FFFF, 0x1000_0000, 60, 2)) * 60
    return flood + image() + flood

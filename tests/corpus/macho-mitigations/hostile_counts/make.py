"""Symbols and strings without end, and a signature that is none."""

import struct

from tests.builders.macho import build as program
from tests.builders.macho import find


def build() -> bytes:
    data = program()
    at = find(data, 2) + 8
    data = data[:at] + struct.pack("<4I", 0x100, 0xFFFF_FFFF, 0x100, 0xFFFF_FFFF) + data[at + 16 :]
    command = find(data, 0x1D) + 8
    return data[:command] + struct.pack("<2I", 0x100, 0xFFFF_FFFF) + data[command + 8 :]

"""All that a 64-bit image can declare."""

import struct
from dataclasses import replace

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, debug, holding, load_config


def build() -> bytes:
    values = {88: (8, 0x1_8000_0000 + AT), 144: (4, 0x500)}
    data = load_config(values, 0x140) + debug((20, b"\1\0\0\0"), pointer=0x800 + 0x140)
    data = data[: 0x140 + 20] + struct.pack("<II", AT + 0x15C, 0x95C) + data[0x140 + 28 :]
    made = holding(data, {10: (AT, 0x140), 6: (AT + 0x140, 28), 5: (AT, 8)})
    return image(replace(made, fields={"DllCharacteristics": 0x41E0 | 0x1000}))

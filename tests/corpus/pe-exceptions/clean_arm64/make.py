"""Rows of eight bytes, one of them packed."""

import struct
from dataclasses import replace

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding


def build() -> bytes:
    data = struct.pack("<4I", 0x1000, AT, 0x1100, 0x0123_4561)
    made = holding(data, {3: (AT, len(data))})
    return image(replace(made, fields={"Machine": 0xAA64}))

"""65,535 sections declared, 120 of them there, each over the same bytes."""

import struct

from tests.builders.pe import CODE, Image
from tests.builders.pe import build as image


def build() -> bytes:
    data = image(Image(sections=(), fields={"NumberOfSections": 0xFFFF}))
    table = 0x80 + 24 + 96 + 128
    row = struct.pack("<8s6I2HI", b"again", 0x1000, 0x1000, 0x400, 0x200, 0, 0, 0, 0, CODE)
    return data[:table] + row * 120 + b"\x01" * 17

"""Magic numbers without sectors behind them, and headers whose tables are nowhere: nothing may be said of these."""

import random
import struct

from tests.builders.documents_ole import MAGIC


def build() -> bytes:
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    return MAGIC + random.Random(5).randbytes(600) + head + bytes(10) + struct.pack("<I", 1).ljust(400, b"\xff")

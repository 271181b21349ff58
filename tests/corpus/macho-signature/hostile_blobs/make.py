"""A code limit beyond the file, blobs outside and twice, more than are read, an unknown hash."""

import struct

from tests.builders.macho import blob, find
from tests.builders.macho import build as program


def build() -> bytes:
    head = struct.pack(
        ">9I4BI", 0xFADE0C02, 88, 0x20400, 0xFFFF_FFFF, 0xFFFF_FFF0, 80, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 99, 77, 0, 63, 0
    )
    message = blob(0xFADE0B01, b"\x30\x80\x30\x80" * 20)
    lies = ((0, 44), (0, 0xFFFF_FFFF), (5, 0x7FFF_FFFF), (0x10000, 132))
    index = b"".join(struct.pack(">2I", *one) for one in lies)
    made = struct.pack(">3I", 0xFADE0CC0, 0xFFFF_FFFF, 0xFFFF_FFFF) + index + (head + b"id\x1b[0m\0").ljust(88, b"\0")
    data = program()
    command = find(data, 0x1D)
    at = int.from_bytes(data[command + 8 : command + 12], "little")
    return data[:at] + (made + message).ljust(len(data) - at, b"\0")

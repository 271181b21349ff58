"""The signature holds, and a payload stands behind it: in its entry, between entries, and behind the last of them."""

import struct

from tests.builders.authenticode import build as signed
from tests.builders.authenticode import table_of, with_table


def build() -> bytes:
    data = signed()
    at, size = table_of(data)
    content = data[at + 8 : at + size].rstrip(b"\0") + b"payload in the entry " * 20
    entry = struct.pack("<IHH", 8 + len(content), 0x200, 2) + content
    between = b"between!"[: -len(entry) % 8]
    other = struct.pack("<IHH", 16, 0x200, 1) + b"X.509 to be"[:8]
    return with_table(data, entry + between + other + bytes(8) + bytes(range(256)) * 3)

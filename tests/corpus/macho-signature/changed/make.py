"""Entitlements changed behind the signer's back, bytes behind the blobs, and data behind the signature."""

from tests.builders.macho import Program, find
from tests.builders.macho import build as program

PLIST = b"<plist><dict><key>allow</key><false/></dict></plist>"


def build() -> bytes:
    data = bytearray(program(Program(entitlements=PLIST)).replace(b"<false/>", b"<true />") + b"hidden" * 20)
    segment = find(bytes(data), 0x19)
    while data[segment + 8 : segment + 18] != b"__LINKEDIT":
        segment += int.from_bytes(data[segment + 4 : segment + 8], "little")
    size = int.from_bytes(data[segment + 48 : segment + 56], "little") + 120
    data[segment + 48 : segment + 56] = size.to_bytes(8, "little")
    command = find(bytes(data), 0x1D)
    whole = int.from_bytes(data[command + 12 : command + 16], "little") + 8
    data[command + 12 : command + 16] = whole.to_bytes(4, "little")
    return bytes(data)

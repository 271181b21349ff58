"""A checksum and a signature that lie, and a map that is elsewhere."""

from tests.builders.bytecode_files import dex_file


def build() -> bytes:
    lying = bytearray(dex_file(sums=False))
    lying[0x34:0x38] = b"\x74\0\0\0"
    return dex_file(sums=False) + dex_file(signed=False) + bytes(lying)

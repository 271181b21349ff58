"""A 32-bit program that starts by LC_UNIXTHREAD, with a range marked as encrypted and a protected segment."""

import struct

from tests.builders.macho import I386, PAGE, R, W, X, command, raw, section, segment


def build() -> bytes:
    code = section((b"__TEXT", b"__text"), (0x1000 + PAGE, 64, PAGE), 0x8000_0400, wide=False)
    text = segment(b"__TEXT", (0x1000, 2 * PAGE, 0, 2 * PAGE), R | W | X, (code,), wide=False)
    text = text[:52] + struct.pack("<I", 8) + text[56:]  # SG_PROTECTED_VERSION_1
    thread = command(5, struct.pack("<2I16I", 1, 16, *range(10), 0x1000 + PAGE, *range(5)))
    encrypted = command(0x21, struct.pack("<3I", PAGE, PAGE, 1))
    minimum = command(0x24, struct.pack("<2I", 0xA0600, 0xA0700))
    head = raw((text, thread, encrypted, minimum), wide=False, cpu=I386, flags=0x2_0000)
    return (head.ljust(PAGE, b"\0") + b"\x55\x89\xe5\xc3" * 16).ljust(2 * PAGE, b"\0")

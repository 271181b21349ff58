"""Load commands that lie: unknown and required, strings outside, repeated, too short, overlapping segments, no end."""

import struct

from tests.builders.macho import PAGE, R, W, X, command, raw, section, segment


def build() -> bytes:
    over = section((b"__OTHER", b"__text"), (0x50, 0xFFFF_FFFF_FFFF, 8))
    parts = (
        segment(b"__TEXT", (0x1000, PAGE, 0, 2 * PAGE), R | W | X, (over,)),
        segment(b"__DATA\x1b[31m", (0x1800, PAGE, 0x100, 1 << 60), R),
        segment(b"__LINKEDIT", (0x9000, PAGE, 0x1800, 16), R),
        command(0x8000_0099, b"\1" * 8),
        command(0x77, b""),
        command(0xC, struct.pack("<4I", 4096, 0, 0, 0)),
        command(0x8000_001C, struct.pack("<I", 0)),
        command(0x1B, bytes(4)),
        command(0x1B, bytes(16)),
        command(2, struct.pack("<4I", 0x100, 0xFFFF_FFFF, 0x1800, 8)),
        command(0x26, struct.pack("<2I", 0x120, 0x40)),
        command(0x8000_0028, struct.pack("<2Q", 0x8000, 0)),
        command(5, struct.pack("<2I", 4, 0xFFFF_FFFF)),
        command(0x19, b"short", size=16),
        command(0x32, struct.pack("<4I", 99, 1, 1, 0xFFFF_FFFF)),
        command(0x1, b"", size=0xFFFF_FFF0),
    )
    return raw(parts, cpu=0x0100_0009, count=0xFFFF_FFFF).ljust(0x1900, b"\xcc")

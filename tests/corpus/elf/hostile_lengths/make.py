"""Counts, sizes, offsets and addresses are lies; segments overlap and are writable and executable."""

from tests.builders.elf import EXEC, INTERP, LOAD, R, Segment, W, X, file_header, segment

MOST = 0xFFFF_FFFF_FFFF_FFFF


def build() -> bytes:
    segments = (
        Segment(LOAD, R | W | X, 0, 0x40_0000, MOST, MOST, 3),
        Segment(LOAD, R | X, MOST, 0x40_0000, 0x1000, 0x10, 0x1000),
        Segment(LOAD, R, 0, 0x3F_0000, 0x100, 0x2_0000, 0x1000),
        Segment(INTERP, R, 64, 0, MOST),
        Segment(INTERP, R, 120, 0, 4),
    )
    fields = {
        "e_type": EXEC,
        "e_entry": 0x40_1000,
        "e_phoff": 64,
        "e_phnum": 0xFFF0,
        "e_shoff": 0x40,
        "e_shnum": 0xFEFF,
        "e_shstrndx": 0xFFFE,
        "e_ehsize": 0xFFFF,
        "e_version": 9,
    }
    return file_header(fields) + b"".join(map(segment, segments)) + bytes(100)

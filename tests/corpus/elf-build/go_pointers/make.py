"""Go before 1.18: pointers to string headers, big-endian, found at the start of the data without section headers."""

import struct

from tests.builders.elf import EXEC, LOAD, PPC64, R, Segment, W, X, file_header, segment


def build() -> bytes:
    at = 64 + 2 * 56
    base = 0x1_0000
    text = b"\x30" * 16 + b"path\tcommand-line-arguments\nmod\texample.org/whale\t(devel)\t\n" + b"\x31" * 16
    strings = at + 64
    info = b"\xff Go buildinf:" + bytes([8, 1]) + struct.pack(">2Q", base + at + 32, base + at + 48)
    info += struct.pack(">4Q", base + strings, 8, base + strings + 8, len(text))
    data = info + b"go1.13.8" + text
    rows = segment(Segment(LOAD, R | X, 0, base - 0x1000, at, align=1), big=True)
    rows += segment(Segment(LOAD, R | W, at, base + at, len(data), align=1), big=True)
    fields = {"e_type": EXEC, "e_machine": PPC64, "e_entry": base - 0x1000 + 64, "e_phoff": 64, "e_phnum": 2}
    return file_header(fields, big=True) + rows + data

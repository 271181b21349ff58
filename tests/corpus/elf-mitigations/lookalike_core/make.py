"""A core file of Linux: the process, two threads, the files that it had mapped."""

import struct

from tests.builders.elf import CORE, LOAD, NOTE, R, Segment, W, file_header, note, segment


def build() -> bytes:
    status = struct.pack("<3I", 11, 0, 0).ljust(336, b"\0")
    process = struct.pack("<4B4xQ2I4I", 0, 82, 0, 0, 0, 1000, 1000, 4711, 1, 4711, 4711)
    process += b"whale".ljust(16, b"\0") + b"whale --sing ".ljust(80, b"\0")
    files = struct.pack("<2Q", 2, 4096) + struct.pack("<6Q", 0x40_0000, 0x40_1000, 0, 0x7F00_0000, 0x7F00_2000, 3)
    files += b"/usr/bin/whale\0/usr/lib/libsea.so\0"
    notes = note(b"CORE", 1, status) + note(b"CORE", 3, process) + note(b"CORE", 0x46494C45, files)
    notes += note(b"CORE", 1, status) + note(b"LINUX", 0x202, bytes(64))
    at = 64 + 2 * 56
    rows = segment(Segment(NOTE, 0, at, 0, len(notes))) + segment(
        Segment(LOAD, R | W, at + len(notes), 0x40_0000, 64, 0x1000)
    )
    return file_header({"e_type": CORE, "e_phoff": 64, "e_phnum": 2}) + rows + notes + bytes(64)

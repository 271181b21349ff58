"""Build id, ABI, properties, package metadata, a probe for SystemTap, debug links."""

import struct

from tests.builders.elf import NOTE_SECTION, Program, Section, note
from tests.builders.elf import build as program


def build() -> bytes:
    features = struct.pack("<3I4x", 0xC0000002, 4, 3) + struct.pack("<3I4x", 0xC0008002, 4, 1)
    notes = note(b"GNU", 3, bytes(range(20)))
    notes += note(b"GNU", 1, struct.pack("<4I", 0, 3, 2, 0))
    notes += note(b"GNU", 5, features)
    notes += note(b"FDO", 0xCAFE1A7E, b'{"type":"deb","name":"whale","version":"1.0"}\0')
    probes = note(b"stapsdt", 3, bytes(24) + b"libc\0lll_lock\0\0") * 2
    sections = (
        Section(b".note.stapsdt", NOTE_SECTION, probes),
        Section(b".gnu_debuglink", data=b"whale.debug\0" + struct.pack("<I", 0xDEADBEEF)),
        Section(b".gnu_debugaltlink", data=b"/usr/lib/debug/.dwz/whale\0" + bytes(range(20, 40))),
        Section(b".gnu_debugdata", data=b"\xfd7zXZ\0" + bytes(20)),
    )
    return program(Program(notes=notes, sections=sections))

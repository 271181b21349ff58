"""Crates that unpack to 50 MB, and module information as long as memory."""

import zlib

from tests.builders.elf import Program, Section
from tests.builders.elf import build as program


def build() -> bytes:
    bomb = zlib.compress(b"[" * 50_000_000, 9)
    info = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + b"\xff" * 9 + b"\x7f" + bytes(64)
    sections = (
        Section(b".go.buildinfo", data=info),
        Section(b".dep-v0", data=bomb),
        Section(b".comment", data=b"x" * 100, size=0xFFFF_FFFF_FFFF),
    )
    return program(Program(sections=sections))

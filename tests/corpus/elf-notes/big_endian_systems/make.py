"""Identities of Android, FreeBSD, NetBSD, gold and Go; big-endian, without section headers."""

import struct

from tests.builders.elf import S390, Program, note
from tests.builders.elf import build as program


def build() -> bytes:
    android = struct.pack(">I", 29) + b"r21".ljust(64, b"\0") + b"6352462".ljust(64, b"\0")
    notes = b"".join(
        note(name, kind, data, big=True)
        for name, kind, data in (
            (b"Android", 1, android),
            (b"FreeBSD", 1, struct.pack(">I", 1_300_139)),
            (b"NetBSD", 1, struct.pack(">I", 999_000_000)),
            (b"GNU", 4, b"gold 1.16\0"),
            (b"Go", 4, b"abc/def/ghi/jkl"),
            (b"whale\x1b", 0x1234, b"unknown"),
        )
    )
    return program(Program(big=True, machine=S390, notes=notes, headers=False))

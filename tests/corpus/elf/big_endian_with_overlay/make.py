"""A 32-bit big-endian program for MIPS, statically placed, with a payload appended."""

from tests.builders.elf import EXEC, MIPS, Program
from tests.builders.elf import build as program


def build() -> bytes:
    payload = bytes(i * i % 251 for i in range(700))
    fields = {"e_flags": 0x7000_1007}
    return program(
        Program(
            wide=False, big=True, machine=MIPS, type=EXEC, interpreter=b"/lib/ld.so.1", fields=fields, overlay=payload
        )
    )

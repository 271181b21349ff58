"""A library: two needed, a name, a run path at its own place, flags, arrays of functions."""

from tests.builders.elf import Program
from tests.builders.elf import build as program

INIT_ARRAY, FINI_ARRAY, INIT_ARRAYSZ, FINI_ARRAYSZ, FLAGS, FLAGS_1 = 25, 26, 27, 28, 30, 0x6FFFFFFB


def build() -> bytes:
    tags = (
        (12, 0x300),
        (INIT_ARRAY, 0x1B0),
        (INIT_ARRAYSZ, 16),
        (FINI_ARRAY, 0x1B8),
        (FINI_ARRAYSZ, 8),
        (FLAGS, 0x8 | 0x10),
        (FLAGS_1, 0x1 | 0x8),
    )
    return program(
        Program(
            needed=(b"libm.so.6", b"libc.so.6"),
            soname=b"libwhale.so.1",
            runpath=b"$ORIGIN/../lib",
            interpreter=b"",
            tags=tags,
        )
    )

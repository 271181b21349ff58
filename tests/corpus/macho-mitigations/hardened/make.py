"""A program with all of it: PIE, no heap execution, canary, reference counting, fortify, runtime, restricted."""

from tests.builders.macho import Program, Symbol, segment
from tests.builders.macho import build as program


def build() -> bytes:
    called = (b"___stack_chk_fail", b"_objc_release", b"___memcpy_chk", b"___strcpy_chk")
    restricted = segment(b"__RESTRICT", (0x1_0001_0000, 0, 0, 0), 0)
    return program(
        Program(
            flags=0x0120_0085,
            symbols=tuple(Symbol(name) for name in called),
            signature_flags=0x1_2802,
            commands=(restricted,),
        )
    )

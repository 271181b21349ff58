"""A version of any length."""

from tests.builders.macho import Program
from tests.builders.macho import build as program


def build() -> bytes:
    data = b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + b"\xff" * 9 + b"\x7f" + b"x" * 100
    return program(Program(data=data, data_section=(b"__DATA", b"__go_buildinfo")))

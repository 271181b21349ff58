"""Module information cut in its version."""

from tests.builders.macho import PAGE, Program
from tests.builders.macho import build as program


def build() -> bytes:
    data = b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + b"\x08go1.26.1"
    return program(Program(data=data, data_section=(b"__DATA", b"__go_buildinfo")))[: 2 * PAGE + 36]

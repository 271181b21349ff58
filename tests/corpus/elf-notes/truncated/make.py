"""Cut in the build id."""

from tests.builders.elf import Program, note
from tests.builders.elf import build as program


def build() -> bytes:
    data = program(Program(notes=note(b"GNU", 1, bytes(16)) + note(b"GNU", 3, b"\xaa" * 20), headers=False))
    return data[: data.index(b"\xaa" * 20) + 10]

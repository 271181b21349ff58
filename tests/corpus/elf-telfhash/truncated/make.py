"""Cut in the dynamic strings."""

from tests.builders.elf import build as program


def build() -> bytes:
    data = program()
    return data[: data.index(b"exported\0") + 3]

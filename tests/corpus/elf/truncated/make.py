"""Cut in the section header table."""

from tests.builders.elf import build as program


def build() -> bytes:
    return program()[:-200]

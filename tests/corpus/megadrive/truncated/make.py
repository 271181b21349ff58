"""A ROM, cut short."""

from tests.builders.bytecode_files import megadrive_rom


def build() -> bytes:
    return megadrive_rom()[:544]

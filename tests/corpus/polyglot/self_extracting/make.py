"""An executable followed by an archive, as installers are."""

from tests.builders.several import archive, elf


def build() -> bytes:
    return elf() + archive("setup.ini")

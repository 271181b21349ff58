"""Data for a linker, which nobody links any more."""

from tests.builders.bytecode_files import HIDDEN, dex_file


def build() -> bytes:
    return dex_file(link=HIDDEN)

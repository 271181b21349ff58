"""Three lumps, between other bytes."""

from tests.builders.stores_files import wad_file


def build() -> bytes:
    return b"before" * 7 + wad_file() + b"after"

"""Three lumps, cut short."""

from tests.builders.stores_files import wad_file


def build() -> bytes:
    return wad_file()[:70]

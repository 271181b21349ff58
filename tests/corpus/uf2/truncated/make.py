"""Two blocks, cut short."""

from tests.builders.stores_files import uf2_file


def build() -> bytes:
    return uf2_file()[:700]

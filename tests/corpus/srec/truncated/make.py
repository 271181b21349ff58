"""Lines, cut short."""

from tests.builders.stores_files import srec_file


def build() -> bytes:
    return srec_file()[:80]

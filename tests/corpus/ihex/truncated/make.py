"""Lines, cut short."""

from tests.builders.stores_files import ihex_file


def build() -> bytes:
    return ihex_file()[:80]

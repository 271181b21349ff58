"""A database, cut short."""

from tests.builders.keys_files import keepass_file


def build() -> bytes:
    return keepass_file()[:200]

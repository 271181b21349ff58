"""A database of version 3."""

from tests.builders.keys_files import keepass_file


def build() -> bytes:
    return keepass_file(version=3)

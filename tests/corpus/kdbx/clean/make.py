"""A database, between other bytes."""

from tests.builders.keys_files import keepass_file


def build() -> bytes:
    return b"before" * 7 + keepass_file() + b"after"

"""A packet, between other bytes."""

from tests.builders.stores_files import pcapng_file


def build() -> bytes:
    return b"before" * 7 + pcapng_file() + b"after"

"""A file of Windows 7, between other bytes."""

from tests.builders.stores_files import prefetch_file


def build() -> bytes:
    return b"before" * 7 + prefetch_file() + b"after"

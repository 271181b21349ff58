"""A file of Windows 7, cut short."""

from tests.builders.stores_files import prefetch_file


def build() -> bytes:
    return prefetch_file()[:300]

"""A thread and a module, cut short."""

from tests.builders.stores_files import minidump_file


def build() -> bytes:
    return minidump_file()[:200]

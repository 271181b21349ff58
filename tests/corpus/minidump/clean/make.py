"""A thread and a module, between other bytes."""

from tests.builders.stores_files import minidump_file


def build() -> bytes:
    return b"before" * 7 + minidump_file() + b"after"

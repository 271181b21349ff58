"""Two pages of header and one of memory, between other bytes."""

from tests.builders.stores_files import crash_dump


def build() -> bytes:
    return b"before" * 7 + crash_dump() + b"after"

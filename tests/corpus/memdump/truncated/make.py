"""Two pages of header and one of memory, cut short."""

from tests.builders.stores_files import crash_dump


def build() -> bytes:
    return crash_dump()[:9000]

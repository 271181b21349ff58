"""A size of more than there is, and a kind that is none."""

from tests.builders.stores_files import crash_dump


def build() -> bytes:
    return crash_dump(size=1 << 40) + crash_dump(kind=99)

"""The other order of bytes, and bytes that nothing leads to."""

from tests.builders.stores_files import HIDDEN, mo_file


def build() -> bytes:
    return mo_file(big=True, unused=HIDDEN)

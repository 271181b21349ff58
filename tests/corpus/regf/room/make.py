"""A cell that is free and full."""

from tests.builders.stores_files import HIDDEN, hive_file


def build() -> bytes:
    return hive_file(free=HIDDEN, sums=False)

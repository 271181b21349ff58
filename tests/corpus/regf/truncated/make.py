"""A root key, cut short."""

from tests.builders.stores_files import hive_file


def build() -> bytes:
    return hive_file()[:5000]

"""Two texts, cut short."""

from tests.builders.stores_files import mo_file


def build() -> bytes:
    return mo_file()[:90]

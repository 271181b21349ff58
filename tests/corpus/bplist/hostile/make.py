"""A table that is elsewhere, and places of objects behind it."""

from tests.builders.stores_files import bplist_file


def build() -> bytes:
    good = bplist_file()
    return bplist_file(table=9) + good[:8] + good[8:-37] + b"\xff" * 5 + good[-32:]

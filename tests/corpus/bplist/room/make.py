"""Bytes that no object covers."""

from tests.builders.stores_files import HIDDEN, bplist_file


def build() -> bytes:
    return bplist_file(unused=HIDDEN)

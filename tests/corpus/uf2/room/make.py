"""Bytes behind the data of a block."""

from tests.builders.stores_files import HIDDEN, uf2_file


def build() -> bytes:
    return uf2_file(slack=HIDDEN)

"""Bytes that no lump covers."""

from tests.builders.stores_files import HIDDEN, wad_file


def build() -> bytes:
    return wad_file(unused=HIDDEN)

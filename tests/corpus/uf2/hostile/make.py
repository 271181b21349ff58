"""Blocks that are not there, and one with more data than it has room for."""

from tests.builders.stores_files import uf2_file


def build() -> bytes:
    return uf2_file(told=1 << 20) + uf2_file().replace(b"\0\1\0\0\0\0\0\0", b"\xff\xff\0\0\0\0\0\0", 1)

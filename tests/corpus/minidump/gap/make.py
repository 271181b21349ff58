"""Bytes that nothing leads to."""

from tests.builders.stores_files import HIDDEN, minidump_file


def build() -> bytes:
    return minidump_file(unused=HIDDEN)

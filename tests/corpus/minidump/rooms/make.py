"""Bytes that nothing leads to, a comment, a stream of somebody's own."""

from tests.builders.stores_files import HIDDEN, minidump_file


def build() -> bytes:
    return minidump_file(unused=HIDDEN, comment=HIDDEN, own=HIDDEN)

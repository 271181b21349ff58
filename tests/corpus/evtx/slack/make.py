"""Bytes behind the last record of a chunk."""

from tests.builders.stores_files import HIDDEN, evtx_file


def build() -> bytes:
    return evtx_file(slack=HIDDEN)

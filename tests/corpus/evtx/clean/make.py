"""A log of one chunk, between other bytes."""

from tests.builders.stores_files import evtx_file


def build() -> bytes:
    return b"before" * 7 + evtx_file() + b"after"

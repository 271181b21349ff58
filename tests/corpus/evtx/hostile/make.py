"""Chunks that are not there, and a checksum that lies."""

from tests.builders.stores_files import evtx_file


def build() -> bytes:
    return evtx_file(told=60000) + b"-" + evtx_file(sums=False)[:5000]

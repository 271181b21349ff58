"""A log of one chunk, cut short."""

from tests.builders.stores_files import evtx_file


def build() -> bytes:
    return evtx_file()[:5000]

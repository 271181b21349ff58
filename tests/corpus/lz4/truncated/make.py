"""The end mark is not there."""

from tests.builders.streams import lz4, lz4_block


def build() -> bytes:
    return lz4(lz4_block(b"krill-", 9), lz4_block(b"more-", 12))[:-9]

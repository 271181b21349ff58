"""A frame as kernels have it: no end mark."""

from tests.builders.streams import lz4_block, lz4_legacy


def build() -> bytes:
    return lz4_legacy(lz4_block(b"krill-", 9))

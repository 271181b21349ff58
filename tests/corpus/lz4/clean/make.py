"""A frame with checksums of its blocks, and a skippable frame before it, between other bytes."""

from tests.builders.streams import lz4, lz4_block, skippable


def build() -> bytes:
    frame = lz4(lz4_block(b"krill-", 9), lz4_block(b"more-", 12), flags=0x70)
    return b"before" * 3 + skippable(b"nobody decodes this") + frame + b"after"

"""A skippable frame, a frame, and another skippable frame, between other bytes."""

from tests.builders.streams import skippable, zstd


def build() -> bytes:
    return (
        b"before" * 3
        + skippable(b"nobody decodes this")
        + zstd(b"krill " * 5)
        + skippable(b"nor this one", 14)
        + b"after"
    )

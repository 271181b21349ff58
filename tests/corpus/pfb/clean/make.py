"""A font in three segments, between other bytes."""

from tests.builders.fonts_tables import pfb


def build() -> bytes:
    return b"before" + pfb() + b"after"

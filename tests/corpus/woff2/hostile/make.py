"""A length beyond the file, and bytes behind the last block."""

from tests.builders.fonts_tables import woff2


def build() -> bytes:
    return woff2(length=0x0FFFFFFF) + woff2(slack=b"behind the last block")

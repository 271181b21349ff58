"""Big-endian, LZMA."""

from tests.builders.upx import packed


def build() -> bytes:
    return packed(big=True, method=14)

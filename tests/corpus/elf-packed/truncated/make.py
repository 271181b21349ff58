"""Cut in the packed blocks."""

from tests.builders.upx import packed


def build() -> bytes:
    return packed()[:300]

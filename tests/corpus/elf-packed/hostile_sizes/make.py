"""p_info has zeros where sizes belong; the pack header tells them."""

from tests.builders.upx import packed


def build() -> bytes:
    return packed(file_size=0, block_size=0)

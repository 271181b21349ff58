"""Definitions without an array."""

from tests.builders.images_plain import xbm


def build() -> bytes:
    return b"#define page_width 80\n#define page_depth 9\nint x_width 3;\n" + xbm()[:40]

"""A box longer than the file; a codestream that reaches to the end."""

from tests.builders.images_scans import box, jxl


def build() -> bytes:
    return jxl(box(b"jumb", b"x" * 20, 0x7FFFFFFF)) + jxl(box(b"brob", b"xml and so on"), open_ended=True)

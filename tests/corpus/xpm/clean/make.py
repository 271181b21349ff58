"""A pixmap with a remark, between other bytes."""

from tests.builders.images_plain import xpm


def build() -> bytes:
    return b"before" + xpm(remark="/* seen from above */\n") + b"after"

"""A bitmap between remarks."""

from tests.builders.images_plain import xbm


def build() -> bytes:
    return b"/* before */\n" + xbm() + b"/* after */\n"

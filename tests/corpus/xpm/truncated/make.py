"""One that ends early."""

from tests.builders.images_plain import xpm


def build() -> bytes:
    return xpm()[:-12]

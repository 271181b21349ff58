"""One that ends early."""

from tests.builders.images_plain import sunraster


def build() -> bytes:
    return sunraster()[:-3]

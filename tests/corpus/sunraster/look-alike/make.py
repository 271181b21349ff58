"""Magic numbers without a picture."""

from tests.builders.images_plain import sunraster


def build() -> bytes:
    return sunraster()[:4] + bytes(40) + sunraster(kind=9)

"""Plain rows and runs, between other bytes."""

from tests.builders.images_plain import sunraster


def build() -> bytes:
    return b"before" + sunraster() + b"between" + sunraster(kind=2, stated=5)

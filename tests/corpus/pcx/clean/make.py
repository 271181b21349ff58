"""Pictures with a palette and without, between other bytes."""

from tests.builders.images_plain import pcx


def build() -> bytes:
    return b"before" + pcx() + b"between" + pcx(depth=1, palette=False) + b"after"

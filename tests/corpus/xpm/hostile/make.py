"""More rows than there are."""

from tests.builders.images_plain import xpm


def build() -> bytes:
    return xpm(rows=1).replace(b"3 2 2 1", b"3 9 2 1") + xpm().replace(b"3 2 2 1", b"3 999999 2 1")

"""Headers without frames."""

from tests.builders.images_plain import ilda


def build() -> bytes:
    return b"ILDA\0\0\0\3" + bytes(40) + ilda() + ilda(5, end=False)[:40]

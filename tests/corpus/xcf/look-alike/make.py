"""Headers that lead to nothing."""

from tests.builders.images_scans import xcf


def build() -> bytes:
    return xcf()[:26] + bytes(60) + b"gimp xcf file\0" + bytes(30)

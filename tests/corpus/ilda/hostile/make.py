"""A section of more points than there are."""

from tests.builders.images_plain import ilda


def build() -> bytes:
    return ilda(2)[:24] + b"\xff\xff" + ilda(2)[26:]

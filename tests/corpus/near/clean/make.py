"""A PNG under the first bytes of a JPEG."""

from tests.builders.several import near, png


def build() -> bytes:
    return near(png())

"""The hidden PNG is cut: nothing proves it."""

from tests.builders.several import near, png


def build() -> bytes:
    return near(png()[:50])

"""A font without its encrypted part, and one that breaks off."""

from tests.builders.fonts_tables import pfa


def build() -> bytes:
    return pfa().replace(b"eexec", b"exec ") + pfa()[:90]

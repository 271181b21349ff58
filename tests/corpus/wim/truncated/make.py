"""The XML is not there."""

from tests.builders.solid_others import wim


def build() -> bytes:
    return wim(b"small and many\n" * 3)[:-9]

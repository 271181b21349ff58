"""No checksum, as most linkers leave it."""

from tests.builders.pe import build as image


def build() -> bytes:
    return image()

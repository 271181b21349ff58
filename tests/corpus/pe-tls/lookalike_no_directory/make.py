"""The bytes of a directory, and none in the header."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import holding, tls


def build() -> bytes:
    return image(holding(tls(0x1000), {}))

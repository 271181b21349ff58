"""A 32-bit template without callbacks."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, tls


def build() -> bytes:
    return image(holding(tls(plus=False), {9: (AT, 24)}, plus=False))

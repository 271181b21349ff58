"""Callbacks outside, in data, twice; a list without an end; a template turned round."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, tls


def build() -> bytes:
    callbacks = (0x1000, 0x1000, AT, 0x90_0000, *range(0x1100, 0x1100 + 400))
    return image(holding(tls(*callbacks, end=False, template=(AT + 8, AT)), {9: (AT, 0xFFFF_FFFF)}))

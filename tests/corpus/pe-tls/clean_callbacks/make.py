"""Two callbacks in code, as MinGW has them."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, tls


def build() -> bytes:
    return image(holding(tls(0x1000, 0x1010), {9: (AT, 40)}))

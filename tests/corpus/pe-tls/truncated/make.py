"""Cut in the list of callbacks."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, tls


def build() -> bytes:
    return image(holding(tls(0x1000, 0x1010, 0x1020), {9: (AT, 40)}))[: 0x800 + 0x10C]

"""Cut in the second row."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, functions, holding


def build() -> bytes:
    data = functions(*((at, at + 4) for at in range(0x1000, 0x1400, 4)))
    return image(holding(data, {3: (AT, len(data))}))[: 0x800 + 20]

"""Cut in the second block."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, relocations


def build() -> bytes:
    data = relocations((0x1000, (0xA000,) * 200), (0x2000, (0xA000,) * 400))
    return image(holding(data, {5: (AT, len(data))}))[: 0x800 + 408 + 100]

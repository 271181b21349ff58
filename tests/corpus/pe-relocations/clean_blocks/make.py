"""Two pages of a 64-bit image."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, relocations


def build() -> bytes:
    data = relocations((0x1000, (0xA008, 0xA010, 0xA018, 0)), (0x2000, (0xA000, 0)))
    return image(holding(data, {5: (AT, len(data))}))

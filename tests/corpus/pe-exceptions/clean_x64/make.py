"""Three functions in order, zeros behind them."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, functions, holding


def build() -> bytes:
    data = functions((0x1000, 0x1010), (0x1010, 0x1080), (0x1100, 0x1200)) + bytes(24)
    return image(holding(data, {3: (AT, len(data))}))

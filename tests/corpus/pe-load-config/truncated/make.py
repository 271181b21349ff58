"""Cut in the middle of the structure."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, load_config


def build() -> bytes:
    return image(holding(load_config({88: (8, 0x1_8000_2000)}, 0x140), {10: (AT, 0x140)}))[: 0x800 + 0x62]

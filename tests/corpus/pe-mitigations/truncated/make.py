"""Cut before the load configuration."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, load_config


def build() -> bytes:
    return image(holding(load_config({}, 0x140), {10: (AT, 0x140)}))[:0x700]

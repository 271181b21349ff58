"""All of the fields, with a cookie at rest and tables for control flow guard."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, load_config


def build() -> bytes:
    base = 0x1_8000_0000
    values = {4: (4, 0x5F5E_1000), 78: (2, 0x800), 88: (8, base + AT + 0x200), 128: (8, base + AT + 0x210)}
    values |= {
        136: (8, 2),
        112: (8, base + AT + 0x208),
        144: (4, 0x1001_4500),
        264: (8, base + AT + 0x220),
        272: (8, 1),
    }
    cookie = (0x2B99_2DDF_A232).to_bytes(8, "little")
    return image(holding(load_config(values, 0x148).ljust(0x200, b"\0") + cookie + bytes(0x40), {10: (AT, 0x148)}))

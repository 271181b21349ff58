"""The 72 bytes of Windows XP, with SafeSEH."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, load_config


def build() -> bytes:
    values = {60: (4, 0x40_0000 + AT + 0x60), 64: (4, 0x40_0000 + AT + 0x68), 68: (4, 2)}
    data = load_config(values, 0x48).ljust(0x60, b"\0") + (0xBB40_E64E).to_bytes(4, "little") + bytes(20)
    return image(holding(data, {10: (AT, 0x40)}, plus=False))

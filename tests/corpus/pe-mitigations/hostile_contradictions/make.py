"""Moved about without relocations, guarded without guards."""

from tests.builders.pe import Image
from tests.builders.pe import build as image


def build() -> bytes:
    fields = {"DllCharacteristics": 0xFFFF, "Characteristics": 0x103}
    return image(Image(fields=fields, directories={10: (0xFFFF_FFF0, 0xFFFF_FFFF), 6: (0xFFFF_FFF0, 0xFFFF_FFFF)}))

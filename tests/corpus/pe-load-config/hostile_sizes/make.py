"""A size and counts beyond all, addresses outside the image."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, holding, load_config


def build() -> bytes:
    values = dict.fromkeys(range(88, 0x140, 8), (8, 0xFFFF_FFFF_FFFF_FFFF)) | {0: (4, 0xFFFF_FFFF)}
    return image(holding(load_config(values, 0x140), {10: (AT, 1)}))

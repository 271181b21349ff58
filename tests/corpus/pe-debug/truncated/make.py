"""Cut in the path."""

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, debug, holding, rsds


def build() -> bytes:
    return image(holding(debug((2, rsds(b"a" * 200)), pointer=0x800), {6: (AT, 28)}))[: 0x800 + 28 + 60]

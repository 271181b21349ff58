"""As Visual C++ 6 wrote it."""

import struct

from tests.builders.pe import build as image
from tests.builders.pe_parts import AT, debug, holding


def build() -> bytes:
    data = b"NB10" + struct.pack("<III", 0, 0x3C5E_1000, 2) + b"old.pdb\0"
    return image(holding(debug((2, data), pointer=0x800), {6: (AT, 28)}, plus=False))

"""The magic without an archive behind, or lengths beyond everything: nothing may be said of these."""

import struct


def build() -> bytes:
    beyond = b"Cr24" + struct.pack("<3L", 3, 0x0F0000, 1)
    return b"Cr24 in a text" + b"Cr24" + struct.pack("<3L", 2, 4, 4) + b"keyssign" + b"no archive" + beyond

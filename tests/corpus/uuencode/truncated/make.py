"""A file that the end cuts inside of a line."""

import binascii

from tests.builders.encodings_held import EXE


def build() -> bytes:
    lines = b"".join(binascii.b2a_uu(EXE[at : at + 45], backtick=True) for at in range(0, len(EXE), 45))
    return b"begin 644 krill.exe\r\n" + lines.replace(b"\n", b"\r\n")[:-20]

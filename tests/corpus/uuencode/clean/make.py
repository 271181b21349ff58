"""A file between words."""

import binascii

from tests.builders.encodings_held import EXE


def build() -> bytes:
    lines = b"".join(binascii.b2a_uu(EXE[at : at + 45]) for at in range(0, len(EXE), 45))
    return b"A file:\nbegin 644 krill.exe\n" + lines + b" \nend\nwords"

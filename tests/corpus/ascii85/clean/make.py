"""A program between other bytes."""

import base64

from tests.builders.encodings_held import EXE


def build() -> bytes:
    return b"\0" + base64.a85encode(EXE + bytes(40), adobe=True, wrapcol=60) + b" rest"

"""A run that the end cuts inside of a group."""

import base64

from tests.builders.encodings_held import EXE


def build() -> bytes:
    return b"'" + base64.b64encode(EXE)[:-7]

"""Runs in runs, lines of changing length, padding in the middle, digits that go on behind the end of what they write."""

import base64

from tests.builders.encodings_held import EXE, ZIP


def build() -> bytes:
    inner = base64.b64encode(b"'" + base64.b64encode(ZIP) + b"'")
    text = base64.b64encode(EXE)
    odd = b"\n".join((text[:40], text[40:79], text[79:]))
    return inner + b"==" + inner + b"\n" + odd + b"\n" + b"UEsDBBQAAAAIA" * 40 + b"=" * 9

"""A program in lines, an archive behind other bytes in a row, a picture's address, all between words."""

import base64

from tests.builders.encodings_held import EXE, ZIP


def build() -> bytes:
    text = base64.b64encode(EXE)
    lines = b"\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    held = base64.b64encode(b"other bytes" + ZIP)
    picture = b'<img src="data:image/x;base64,' + base64.b64encode(bytes(range(40))) + b'">'
    return b"A program:\n\n" + lines + b"\n\nan archive: '" + held + b"' and " + picture

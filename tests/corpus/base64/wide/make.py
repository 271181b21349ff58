"""A command as PowerShell takes it, and an archive written in UTF-16."""

import base64

from tests.builders.encodings_held import SCRIPT, ZIP


def build() -> bytes:
    command = b"powershell -nop -enc " + base64.b64encode(SCRIPT.encode("utf-16-le"))
    return command + b"\n\0\xff" + base64.b64encode(ZIP).decode().encode("utf-16-le") + b"\0\xff"

"""A string that is longer than the key."""

import base64

from tests.builders.keys_files import ssh_blob


def build() -> bytes:
    return b"ssh-ed25519 " + base64.b64encode(ssh_blob().replace(b"\0\0\0\x20", b"\0\1\0\x20")) + b" x\n"

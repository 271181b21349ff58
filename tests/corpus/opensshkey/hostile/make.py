"""More keys than there are, a string of four gigabytes."""

from tests.builders.keys_files import openssh_key


def build() -> bytes:
    return openssh_key(keys=9) + openssh_key()[:15] + b"\xff" * 40

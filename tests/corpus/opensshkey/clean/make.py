"""A private key that is open, between other bytes."""

from tests.builders.keys_files import openssh_key


def build() -> bytes:
    return b"before" * 7 + openssh_key() + b"after"

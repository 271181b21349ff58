"""A private key that is encrypted."""

from tests.builders.keys_files import openssh_key


def build() -> bytes:
    return openssh_key(cipher=b"aes256-ctr")

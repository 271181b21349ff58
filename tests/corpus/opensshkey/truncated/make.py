"""A private key that is open, cut short."""

from tests.builders.keys_files import openssh_key


def build() -> bytes:
    return openssh_key()[:100]

"""A message for a key and for a passphrase, between other bytes."""

from tests.builders.keys_files import pgp_message


def build() -> bytes:
    return b"before" * 7 + pgp_message() + b"after"

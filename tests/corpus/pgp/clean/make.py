"""A message for a key and for a passphrase, with other bytes behind it."""

from tests.builders.keys_files import pgp_message


def build() -> bytes:
    return pgp_message() + b"after"

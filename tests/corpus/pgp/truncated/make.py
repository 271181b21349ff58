"""A message for a key and for a passphrase, cut short."""

from tests.builders.keys_files import pgp_message


def build() -> bytes:
    return pgp_message()[:500]

"""A key, with other bytes behind it."""

from tests.builders.keys_files import keyring


def build() -> bytes:
    return keyring() + b"after"

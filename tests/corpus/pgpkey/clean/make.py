"""A key, between other bytes."""

from tests.builders.keys_files import keyring


def build() -> bytes:
    return b"before" * 7 + keyring() + b"after"

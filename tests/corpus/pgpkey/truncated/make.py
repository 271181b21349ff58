"""A key, cut short."""

from tests.builders.keys_files import keyring


def build() -> bytes:
    return keyring()[:180]

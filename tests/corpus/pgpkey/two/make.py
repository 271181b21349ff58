"""Two keys, and a packet of somebody's own."""

from tests.builders.keys_files import HIDDEN, keyring


def build() -> bytes:
    return keyring() + keyring(private=HIDDEN)

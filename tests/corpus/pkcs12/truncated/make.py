"""A store that has no password, cut short."""

from tests.builders.keys_files import key_store_12


def build() -> bytes:
    return key_store_12()[:100]

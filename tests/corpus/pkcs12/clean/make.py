"""A store that has no password, between other bytes."""

from tests.builders.keys_files import key_store_12


def build() -> bytes:
    return b"before" * 7 + key_store_12() + b"after"

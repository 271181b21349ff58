"""A key and a certificate, between other bytes."""

from tests.builders.keys_files import key_store


def build() -> bytes:
    return b"before" * 7 + key_store() + b"after"

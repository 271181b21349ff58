"""A private key, between other bytes."""

from tests.builders.keys_files import pkcs8_key


def build() -> bytes:
    return b"before" * 7 + pkcs8_key() + b"after"

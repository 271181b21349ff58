"""A private key, cut short."""

from tests.builders.keys_files import pkcs8_key


def build() -> bytes:
    return pkcs8_key()[:200]

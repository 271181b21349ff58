"""A key and a certificate, cut short."""

from tests.builders.keys_files import key_store


def build() -> bytes:
    return key_store()[:100]

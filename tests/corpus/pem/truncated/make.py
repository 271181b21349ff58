"""A certificate, cut short."""

from tests.builders.keys_files import pem_block


def build() -> bytes:
    return pem_block(b"whale" * 20)[:100]

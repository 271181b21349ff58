"""A certificate, between other bytes."""

from tests.builders.keys_files import pem_block


def build() -> bytes:
    return b"before" * 7 + pem_block(b"whale" * 20) + b"after"

"""A message with a certificate, between other bytes."""

from tests.builders.keys_files import cms


def build() -> bytes:
    return b"before" * 7 + cms() + b"after"

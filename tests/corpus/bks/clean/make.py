"""A certificate and a key, between other bytes."""

from tests.builders.keys_files import bouncy_store


def build() -> bytes:
    return b"before" * 7 + bouncy_store() + b"after"

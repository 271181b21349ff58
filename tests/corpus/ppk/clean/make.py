"""A private key that is open, between other bytes."""

from tests.builders.keys_files import ppk_file


def build() -> bytes:
    return b"before" * 7 + ppk_file() + b"after"

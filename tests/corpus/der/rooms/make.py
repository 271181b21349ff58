"""A comment, and an extension that nobody knows."""

from tests.builders.keys_files import odd_certificate


def build() -> bytes:
    return odd_certificate()

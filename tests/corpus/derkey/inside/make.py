"""A key that is part of a certificate is none of its own."""

from tests.builders.keys_files import root_certificate


def build() -> bytes:
    return root_certificate()

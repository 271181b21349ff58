"""A certificate that names itself, between other bytes."""

from tests.builders.keys_files import root_certificate


def build() -> bytes:
    return b"before" * 7 + root_certificate() + b"after"

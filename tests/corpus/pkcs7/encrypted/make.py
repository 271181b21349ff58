"""A message that is encrypted."""

from tests.builders.keys_files import cms


def build() -> bytes:
    return cms(encrypted=True)

"""A message with a certificate, cut short."""

from tests.builders.keys_files import cms


def build() -> bytes:
    return cms()[:200]

"""A certificate that names itself, cut short."""

from tests.builders.keys_files import root_certificate


def build() -> bytes:
    return root_certificate()[:200]

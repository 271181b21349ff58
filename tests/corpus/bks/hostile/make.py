"""A chain of more certificates than there can be."""

from tests.builders.keys_files import bouncy_store


def build() -> bytes:
    return bouncy_store(chain=1 << 30)

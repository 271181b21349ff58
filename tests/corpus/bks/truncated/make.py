"""A certificate and a key, cut short."""

from tests.builders.keys_files import bouncy_store


def build() -> bytes:
    return bouncy_store()[:100]

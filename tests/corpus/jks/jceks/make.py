"""The other kind."""

from tests.builders.keys_files import key_store


def build() -> bytes:
    return key_store(kind="JCEKS") + b"tail"

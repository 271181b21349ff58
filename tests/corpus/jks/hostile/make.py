"""More entries than there are, a part of four gigabytes."""

from tests.builders.keys_files import key_store


def build() -> bytes:
    return key_store(count=60000) + key_store().replace(b"\0\0\0\x2f", b"\xff\xff\xff\xff", 1)

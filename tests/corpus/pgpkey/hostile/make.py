"""A packet that is longer than the file, a number that is longer than its packet."""

from tests.builders.keys_files import keyring


def build() -> bytes:
    good = keyring()
    return good[:1] + b"\xff\xff" + good[3:] + good.replace(b"\1\4\0", b"\1\x0f\0")

"""A length of more than there is, and a value that is longer than what it is part of."""

from tests.builders.keys_files import cms


def build() -> bytes:
    good = cms()
    return good[:2] + b"\xff\xff" + good[4:] + good.replace(b"\4\x28a text", b"\4\x7fa text")

"""A length of more than there is, and a value that is longer than what it is part of."""

from tests.builders.keys_files import root_certificate


def build() -> bytes:
    good = root_certificate()
    return good[:2] + b"\xff\xff" + good[4:] + good.replace(b"\x13\2NO", b"\x13\x7fNO")
